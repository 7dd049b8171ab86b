import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { markersOf, type JobRecord } from '../jobs/job-record';
import { stateLayout } from '../layout/state-layout';
import type { Family } from '../processes/family';
import { identityOf, type ProcessIdentity } from '../processes/process-identity';
import { reachableCopy } from '../programs/reachable-copy';
import type { UnixUser } from '../tenants/tenant-users';
import type { OutputLog } from './output-log';
import type { WorkPlace } from './prepare-work';

/** A running builder. `exited` gives its exit code, or undefined where a signal ended it. */
export interface BuilderProcess {
  identity: ProcessIdentity | undefined;
  family: Family;
  exited: Promise<number | undefined>;
  /** All of its output has been read. */
  closed: Promise<unknown>;
}

export async function startBuilder(
  job: JobRecord,
  place: WorkPlace,
  user: UnixUser | undefined,
  log: OutputLog,
): Promise<BuilderProcess> {
  const { settings } = job;
  const reachable = (path: string): Promise<string> =>
    user === undefined ? Promise.resolve(path) : reachableCopy(settings.root, path);
  const program = await reachable(settings.hostBuilderProgram);
  const child = spawn(await reachable(settings.nodePath), [program], {
    cwd: place.build,
    // A session of its own, so that the whole of it can be ended.
    detached: true,
    env: builderEnvironment(job, place, await reachable(settings.runtimesDir)),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  const exited = exitOf(child);
  const closed = once(child, 'close');
  await once(child, 'spawn');
  log.take(child.stdout);
  log.take(child.stderr);
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  return {
    identity,
    family: { leader: identity, gid: user?.gid, marker: markersOf(job.uid).builder },
    exited,
    closed,
  };
}

/** Nothing of the supervisor's environment: what is listed here is all that a build sees of this machine. */
function builderEnvironment(job: JobRecord, place: WorkPlace, runtimesDir: string): Record<string, string> {
  const { settings, spec } = job;
  const [name = '', value = ''] = markersOf(job.uid).builder.split('=');
  return {
    LANG: 'C.UTF-8',
    ...settings.builderEnvironment,
    ...spec.container.environment,
    HOME: place.home,
    TMPDIR: place.temporary,
    SLIPWAY_CONTEXT_URL: place.contextUrl,
    SLIPWAY_CONTEXT_SHA256: spec.context.sha256,
    SLIPWAY_OUTPUT: place.output,
    SLIPWAY_CACHE_DIR: place.cache,
    SLIPWAY_WRAPPERS_DIR: stateLayout(settings.root).wrappers,
    SLIPWAY_RUNTIMES_DIR: runtimesDir,
    [name]: value,
  };
}

async function exitOf(child: ChildProcess): Promise<number | undefined> {
  // 'exit', not 'close': a grandchild that keeps the pipe open must not keep the build open.
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? undefined;
}
