import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from './json-file';

const PREFIX = '.removed-';

/**
 * Takes a folder away in one step, then deletes it. A crash in between leaves a hidden folder, which the next removal
 * beside it deletes. Done where there is no such folder.
 */
export async function removeTree(path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await rename(path, join(parent, `${PREFIX}${randomUUID()}`));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  for (const name of await readdir(parent).catch(noFolder)) {
    if (name.startsWith(PREFIX)) await deleteTree(join(parent, name));
  }
}

/** Deletes a tree even where its folders are read-only, as package managers leave them. */
export async function deleteTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM')) throw error;
    await openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openFolders(path: string): Promise<void> {
  const stat = await lstat(path);
  if (!stat.isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await openFolders(join(path, name));
}

function noFolder(error: unknown): string[] {
  if (hasCode(error, 'ENOENT')) return [];
  throw error;
}
