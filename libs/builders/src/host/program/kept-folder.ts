import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from '../tools/exists';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** No build takes as long to fill one. */
const ABANDONED_MS = 3_600_000;

/**
 * A folder of a cache that is made once: `make` fills a fresh one beside it, which takes the place when it is whole. It is
 * made anew where `proof`, a path inside it, is gone. Several builds may do it at once. Returns the folder.
 */
export async function keptFolder(
  folder: string,
  proof: string,
  make: (fresh: string) => Promise<void>,
): Promise<string> {
  const isWhole = (): Promise<boolean> => exists(join(folder, proof));
  if (await isWhole()) return folder;
  const fresh = `${folder}.${randomUUID()}`;
  await mkdir(dirname(folder), { recursive: true });
  await removeAbandoned(folder);
  try {
    await make(fresh);
    await rename(fresh, folder).catch(async () => {
      // Another build of the same tenant was faster, or what an old one needs is gone.
      if (await isWhole()) return;
      await rm(folder, { recursive: true, force: true });
      await rename(fresh, folder);
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Removes the fresh ones that builds have left which were killed. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix) || !UUID.test(name.slice(prefix.length))) continue;
    const fresh = join(dirname(folder), name);
    if ((await ageOf(fresh)) > ABANDONED_MS) await rm(fresh, { recursive: true, force: true });
  }
}

/** Milliseconds since it was last written to; none where it has taken its place by now. */
async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );
}
