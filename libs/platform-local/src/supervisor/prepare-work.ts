import { copyFile, lchown, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContextGrant } from '@slipway/domain';
import type { JobFolder } from '../jobs/job-folder';
import type { JobRecord } from '../jobs/job-record';
import { stateLayout } from '../layout/state-layout';
import { tenantHash, type UnixUser } from '../tenants/tenant-users';

/** The places that a builder may write to, and where it finds its context. */
export interface WorkPlace {
  /** Empty at the start; the builder's working directory. */
  build: string;
  output: string;
  home: string;
  temporary: string;
  cache: string;
  contextUrl: string;
  /** The archive, where it lies on this machine. */
  archive?: string;
}

/** Makes the builder's own folders, and puts its context where it can read it: the store itself stays closed to it. */
export async function prepareWork(
  folder: JobFolder,
  job: JobRecord,
  user: UnixUser | undefined,
): Promise<WorkPlace> {
  const { root } = job.settings;
  const place = {
    build: join(folder.work, 'build'),
    output: join(folder.work, 'out', 'image'),
    home: join(folder.work, 'home'),
    temporary: join(folder.work, 'tmp'),
    cache: join(stateLayout(root).cache, tenantHash(job.spec.tenant)),
  };
  await mkdir(stateLayout(root).cache, { recursive: true, mode: 0o711 });
  // The work folder stays ours: whoever could write to it could exchange a folder for a link before it is given away.
  await mkdir(folder.work, { mode: 0o711 });
  for (const path of [place.build, dirname(place.output), place.home, place.temporary, place.cache]) {
    await ownFolder(path, user);
  }
  const archive = await takeContext(folder, job.spec.context, user);
  return archive === undefined
    ? { ...place, contextUrl: job.spec.context.url }
    : { ...place, contextUrl: `file://${archive}`, archive };
}

async function ownFolder(path: string, user: UnixUser | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (user !== undefined) await lchown(path, user.uid, user.gid);
}

/** A copy of a context that lies on this machine; one behind https the builder fetches itself. */
async function takeContext(
  folder: JobFolder,
  context: ContextGrant,
  user: UnixUser | undefined,
): Promise<string | undefined> {
  const url = new URL(context.url);
  if (url.protocol !== 'file:') return undefined;
  const source = fileURLToPath(url);
  const { size } = await stat(source);
  if (size !== context.size) throw new Error(`the context has ${size} bytes instead of ${context.size}`);
  const copy = join(folder.work, 'context.tar.gz');
  await copyFile(source, copy);
  if (user !== undefined) await lchown(copy, user.uid, user.gid);
  return copy;
}
