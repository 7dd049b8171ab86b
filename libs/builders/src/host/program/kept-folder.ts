import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../tools/exists';

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
