import { execFileSync } from 'node:child_process';
import { existsSync, statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

const MEBIBYTES = 1536;
const MOST_TRIES = 20;

/** Whether the folder is the top of a file system. */
export function isOwnFileSystem(folder: string): boolean {
  return statSync(folder).dev !== statSync(dirname(folder)).dev;
}

/**
 * Gives a folder a small file system of its own in memory, so that it can be filled without harm to others. False where this
 * process may not mount (nobody but root may).
 */
export function mountSmallDisk(folder: string): boolean {
  try {
    const options = `size=${MEBIBYTES}m,mode=0711`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false; // Not root, or in a container without the right to mount: the run says so.
  }
  return true;
}

/** Takes it away again, also one that a killed run has left. */
export function unmountSmallDisk(folder: string): void {
  if (existsSync(folder) && isOwnFileSystem(folder)) execFileSync('umount', ['--lazy', folder]);
}

function resize(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder], { stdio: 'ignore' });
}

/** Leaves no room on it until the function that is returned is called. */
export function fillSmallDisk(folder: string): () => void {
  // What is written between the look and the change makes the size too small, which is refused.
  for (let tries = 1; ; tries += 1) {
    const { blocks, bfree, bsize } = statfsSync(folder);
    try {
      resize(folder, String((blocks - bfree) * bsize));
      return () => resize(folder, `${MEBIBYTES}m`);
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}
