import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const LOOK_EVERY_MS = 100;

/** What is gone since it was listed counts nothing. */
export async function unlessGone<T>(look: Promise<T>, gone: T): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return gone;
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await lstat(file)).size;
}

/** Bytes of all files below a folder. */
async function bytesBelow(folder: string): Promise<number> {
  const all = await unlessGone(readdir(folder, { recursive: true, withFileTypes: true }), []);
  const files = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map((file) => unlessGone(sizeOf(file), 0)));
  return sizes.reduce((total, size) => total + size, 0);
}

/**
 * Does work that fills a folder, looking at the folder every 100 ms and at the end. Above the limit the signal is aborted
 * with `excess`, which is what then fails.
 */
export async function withinBytes<T>(
  folder: string,
  limit: number,
  excess: Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const watch = new AbortController();
  const look = async (): Promise<void> => {
    if ((await bytesBelow(folder)) > limit) throw excess;
  };
  const timer = setInterval(() => void look().catch((error) => watch.abort(error)), LOOK_EVERY_MS);
  try {
    const result = await work(watch.signal);
    await look();
    return result;
  } finally {
    clearInterval(timer);
  }
}
