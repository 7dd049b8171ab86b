import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

const LOCK_FILES = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'];
/** Records of pnpm and Yarn that lie outside `node_modules` or in a folder of it. */
const RECORDS = ['node_modules/.pnpm/lock.yaml', '.yarn/install-state.gz', '.yarn/build-state.yml'];

/**
 * Removes what package managers write down for their next run: it names the registry, folders of this build and times, and
 * an image is neither installed into again nor made twice with other bytes. A lock file of the source's own stays.
 */
export async function removeInstallerTraces(app: string, hasLockFile: boolean): Promise<void> {
  const modules = join(app, 'node_modules');
  const hidden = (await entriesOf(modules)).filter((entry) => entry.isFile() && entry.name.startsWith('.'));
  const others = [...RECORDS, ...(hasLockFile ? [] : LOCK_FILES)];
  for (const path of [
    ...hidden.map(({ name }) => join(modules, name)),
    ...others.map((each) => join(app, each)),
  ])
    await rm(path, { force: true });
  if ((await entriesOf(join(app, '.yarn'))).length === 0)
    await rmdir(join(app, '.yarn')).catch(ignoreMissing);
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
