import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessGone } from './within-bytes';

/** What folders of fetches are called, before the part that makes each another. */
export const FETCH_FOLDER = 'slipway-git-';

async function isAbandoned(folder: string, olderThanMs: number): Promise<boolean> {
  const stats = await unlessGone(lstat(folder), undefined);
  // In a folder that all users share, one of the same name may be somebody else's.
  if (!stats?.isDirectory() || stats.uid !== process.getuid?.()) return false;
  return Date.now() - stats.mtimeMs > olderThanMs;
}

async function remove(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // A git that has outlived its master may still write there. Whatever it is, this fetch has no part in it, and the next
    // one tries again; a disk that fills up with them fails fetches as disk_full, which names the folder.
  }
}

/**
 * Removes what fetches of killed processes have left in a folder. They are told by their age alone, for no fetch outlives
 * its limit of time: process ids begin anew in every container.
 */
export async function removeAbandoned(temporaryFolder: string, olderThanMs: number): Promise<void> {
  const names = (await readdir(temporaryFolder)).filter((name) => name.startsWith(FETCH_FOLDER));
  for (const folder of names.map((name) => join(temporaryFolder, name))) {
    if (await isAbandoned(folder, olderThanMs)) await remove(folder);
  }
}
