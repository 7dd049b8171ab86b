import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deleteTree } from '../files/remove-tree';
import { hasCode } from '../files/json-file';
import { stateLayout } from '../layout/state-layout';

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;

/**
 * A path of the same content that other users can reach: the path itself, or a copy in the state folder where a clone
 * lies below a closed folder such as `/root`. A link stays a link: an interpreter looks beside it for its libraries.
 */
export async function reachableCopy(root: string, path: string): Promise<string> {
  const real = await realpath(path);
  if ((await isReachable(real)) && (await isEnterable(dirname(path)))) return path;
  const folder = stateLayout(root).programs;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const copy = join(folder, `${await fingerprint(real)}-${basename(real)}`);
  if (await exists(copy)) return copy;
  const temporary = join(folder, `.new-${randomUUID()}`);
  await cp(real, temporary, { recursive: true, verbatimSymlinks: true });
  await openForReading(temporary);
  try {
    await rename(temporary, copy);
  } catch (error) {
    // A folder that another process has put there meanwhile is the same.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    await deleteTree(temporary);
  }
  return copy;
}

/** Whether other users can get to what lies in the folder, where they know its name. */
export async function isEnterable(folder: string): Promise<boolean> {
  return allEnterable(await realpath(folder));
}

async function isReachable(real: string): Promise<boolean> {
  const own = await stat(real);
  const wanted = own.isDirectory() ? OTHERS_READ | OTHERS_ENTER : OTHERS_READ;
  return (own.mode & wanted) === wanted && allEnterable(dirname(real));
}

async function allEnterable(real: string): Promise<boolean> {
  for (let folder = real; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & OTHERS_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Changes with the content, without reading it all: a new bundle has another size or time. */
async function fingerprint(path: string): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (each: string): Promise<void> => {
    const own = await lstat(each);
    hash.update(`${each}\0${own.isDirectory() ? 'd' : `${own.size} ${own.mtimeMs}`}\0`);
    if (own.isDirectory()) for (const name of (await readdir(each)).sort()) await visit(join(each, name));
  };
  await visit(path);
  return hash.digest('hex').slice(0, 16);
}

async function openForReading(path: string): Promise<void> {
  const own = await lstat(path);
  if (own.isSymbolicLink()) return;
  await chmod(path, own.isDirectory() || (own.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (own.isDirectory()) for (const name of await readdir(path)) await openForReading(join(path, name));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );
}
