import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** One entry of an image as it counts for the digest. Times and owners do not: equal content is an equal image. */
interface TreeEntry {
  /** Relative to the image, `/`-separated. */
  path: string;
  type: 'file' | 'folder' | 'link';
  executable: boolean;
  /** SHA-256 (hex) of a file's bytes, a link's target, empty for a folder. */
  content: string;
}

const EXECUTABLE = 0o111;
const CHUNK = 256 * 1024;

/** `sha256:` + 64 hex over the whole tree, in byte order, every item length-prefixed. */
export async function treeDigest(folder: string): Promise<string> {
  const hash = createHash('sha256').update('slipway-image-1');
  for (const entry of await readTree(folder)) {
    for (const item of [entry.path, entry.type, entry.executable ? 'x' : '-', entry.content]) {
      hash.update(`${Buffer.byteLength(item)}:${item}`);
    }
  }
  return `sha256:${hash.digest('hex')}`;
}

async function readTree(folder: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for await (const path of walk(folder, '')) entries.push(await readEntry(folder, path));
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** All paths below the folder, each folder before what lies in it; links are named, never followed. */
export async function* walk(folder: string, below: string): AsyncGenerator<string> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    yield path;
    if (entry.isDirectory()) yield* walk(folder, path);
  }
}

async function readEntry(folder: string, path: string): Promise<TreeEntry> {
  const full = join(folder, path);
  const stat = await lstat(full);
  if (stat.isDirectory()) return { path, type: 'folder', executable: false, content: '' };
  if (stat.isSymbolicLink()) return { path, type: 'link', executable: false, content: await readlink(full) };
  return { path, type: 'file', executable: (stat.mode & EXECUTABLE) !== 0, content: sha256Of(full) };
}

/** Synchronous: a stream for each of ten thousand small files costs many times as much, and nobody else waits here. */
function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, 'r');
  try {
    for (let read = CHUNK; read > 0;) {
      read = readSync(file, buffer, 0, CHUNK, null);
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
