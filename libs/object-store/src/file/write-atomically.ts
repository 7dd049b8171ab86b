import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const TEMPORARY = /^\.[0-9a-f-]{36}\.tmp$/;

/** Whether a file's name is that of a file being written. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

async function synced(path: string, flags: string, bytes?: Buffer): Promise<void> {
  const file = await open(path, flags, 0o640);
  try {
    if (bytes) await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes to a file beside the target, lets `place` give it its name, and makes both last through a power cut. */
async function placed(
  path: string,
  bytes: Buffer,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    await synced(temporary, 'wx', bytes);
    await place(temporary);
    await synced(folder, 'r');
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Puts bytes under a name; nobody ever sees a part of them. */
export async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  await placed(path, bytes, (temporary) => rename(temporary, path));
}

/** Like `replaceFile`, but false where the name is taken. */
export async function createFile(path: string, bytes: Buffer): Promise<boolean> {
  try {
    await placed(path, bytes, (temporary) => link(temporary, path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
