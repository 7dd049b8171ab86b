import { chmod, copyFile, lchown, lstat, realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../files/json-file';
import { walk } from './canonical-tree';

/** What an image may hold at most; beyond it, or with anything but files, folders and links inside, it is refused. */
export interface ImageLimits {
  entries: number;
  bytes: number;
}

export const IMAGE_LIMITS: ImageLimits = { entries: 250_000, bytes: 4 * 1024 ** 3 };

export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
}

/** The interpreter of a virtual environment lies outside by nature. */
const INTERPRETER = /^venv\/bin\/python[0-9.]*$/;

/**
 * Makes what a builder has left read-only and our own, and checks it on the way. Each folder is taken over before its
 * entries are looked at, so that no process of the tenant can exchange one between the look and the change.
 */
export async function freezeTree(folder: string, limits: ImageLimits): Promise<void> {
  await takeOver(folder, 0o755);
  let entries = 0;
  let bytes = 0;
  const folders: string[] = [];
  const links: string[] = [];
  for await (const path of walk(folder, '')) {
    if (++entries > limits.entries) throw new ImageRefused(`it has more than ${limits.entries} entries`);
    const full = join(folder, path);
    const own = await lstat(full);
    if (own.isDirectory()) {
      await takeOver(full, 0o755);
      folders.push(full);
    } else if (own.isSymbolicLink()) {
      links.push(path);
    } else if (own.isFile()) {
      bytes += own.size;
      if (bytes > limits.bytes) throw new ImageRefused(`it is larger than ${limits.bytes} bytes`);
      if (own.nlink > 1) await breakHardLink(full);
      await takeOver(full, (own.mode & 0o111) === 0 ? 0o444 : 0o555);
    } else {
      throw new ImageRefused(`${path} is neither a file nor a folder`);
    }
  }
  const root = await realpath(folder);
  for (const path of links) await checkLink(root, path);
  for (const each of folders.reverse()) await chmod(each, 0o555);
}

async function takeOver(path: string, mode: number): Promise<void> {
  // The owner first: it drops set-uid bits, and the tenant cannot change the mode back.
  if (process.getuid?.() === 0) await lchown(path, 0, 0);
  await chmod(path, mode);
}

/** A file that a cache also holds would change with the cache. */
async function breakHardLink(path: string): Promise<void> {
  const copy = `${path}.slipway-copy`;
  await copyFile(path, copy);
  await rename(copy, path);
}

/** Asked of the file system, not of the text: `a/../x` leads elsewhere where `a` is a link itself. */
async function checkLink(root: string, path: string): Promise<void> {
  const target = await realpath(join(root, path)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ELOOP', 'ENOTDIR'))
      throw new ImageRefused(`the link ${path} leads nowhere`);
    throw error;
  });
  if (target === root || target.startsWith(`${root}/`)) return;
  if (INTERPRETER.test(path) && (await isSystemProgram(target))) return;
  throw new ImageRefused(`the link ${path} leads outside`);
}

/** A program that the tenant cannot have put there: root's, or that of the user who runs Slipway. */
async function isSystemProgram(path: string): Promise<boolean> {
  const own = await stat(path);
  return own.isFile() && (own.mode & 0o111) !== 0 && (own.uid === 0 || own.uid === process.getuid?.());
}
