import { once } from 'node:events';
import { mkdir, statfs } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, ContainerEnd, EndReason } from '@slipway/domain';
import { ImageRefused } from '../images/freeze-tree';
import { pushImage } from '../images/image-store';
import type { JobFolder } from '../jobs/job-folder';
import type { JobRecord } from '../jobs/job-record';
import { stateLayout } from '../layout/state-layout';
import { endFamily } from '../processes/family';
import { hasCode } from '../files/json-file';
import { TenantUsers } from '../tenants/tenant-users';
import { plannedRuntime } from './build-plan';
import { startBuilder, type BuilderProcess } from './builder-process';
import { OutputLog } from './output-log';
import { prepareWork, type WorkPlace } from './prepare-work';
import type { StatusFile } from './status-file';
import { BuilderWatch } from './watch-builder';

/** Installs what functions of a runtime are called through, unless it is there. From the builders library. */
export type PrepareWrapper = (input: {
  runtimesDir: string;
  family: string;
  version: string;
  wrappersDir: string;
}) => Promise<unknown>;

export interface BuildSurroundings {
  folder: JobFolder;
  job: JobRecord;
  status: StatusFile;
  clock: Clock;
  prepareWrapper: PrepareWrapper;
  stopped: AbortSignal;
}

const LOG_BYTES = 64 * 1024 ** 2;
const TERM_GRACE_MS = 2_000;
const OUTPUT_MS = 2_000;
const DISK_LEFT = 16 * 1024 ** 2;

/** Takes a Job from its folder to its end. Does not throw: whatever goes wrong is an end, and stands in the log. */
export async function runBuilder(around: BuildSurroundings): Promise<ContainerEnd> {
  const log = new OutputLog(around.folder.log, LOG_BYTES);
  const end = await steps(around, log).catch((error: unknown) => failure(error, log));
  await log.close();
  const full =
    log.diskFull || (end.exitCode !== 0 && end.reason === undefined && (await diskIsFull(around.folder)));
  return { ...end, ...(full ? { reason: 'disk_full' } : {}), head: log.head, tail: log.tail };
}

type BareEnd = Omit<ContainerEnd, 'head' | 'tail'>;

async function steps(around: BuildSurroundings, log: OutputLog): Promise<BareEnd> {
  const { folder, job, status } = around;
  const { root } = job.settings;
  const user = await new TenantUsers({ root, uids: job.settings.tenantUids }).userFor(job.spec.tenant);
  const place = await prepareWork(folder, job, user);
  await prepareWrapperOf(around, place);
  if (around.stopped.aborted) return { reason: 'stopped' };
  if (around.clock.now() >= deadlineOf(job)) return { reason: 'deadline' };
  const builder = await startBuilder(job, place, user, log);
  await status.change({ phase: 'building', builder: builder.identity, builderGid: user?.gid });
  const ended = await untilEnd(builder, around);
  if (ended.reason !== undefined || ended.exitCode !== 0) return ended;
  await status.phase('pushing');
  const digest = await pushImage(root, place.output, job.spec.imageUri);
  log.say(`image ${digest}`);
  return { exitCode: 0, digest };
}

async function prepareWrapperOf(around: BuildSurroundings, place: WorkPlace): Promise<void> {
  const { root, runtimesDir } = around.job.settings;
  const runtime = place.archive === undefined ? undefined : await plannedRuntime(place.archive);
  if (runtime === undefined) return;
  const wrappersDir = stateLayout(root).wrappers;
  await mkdir(wrappersDir, { recursive: true, mode: 0o755 });
  const prepared = around.prepareWrapper({ runtimesDir, ...runtime, wrappersDir });
  await Promise.race([prepared, aborted(around.stopped, deadlineOf(around.job) - around.clock.now())]);
}

/** Resolves when the signal comes, or when the time is over. */
async function aborted(signal: AbortSignal, withinMs: number): Promise<void> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, withinMs))]);
  if (!either.aborted) await once(either, 'abort');
}

function deadlineOf({ createdAt, spec }: JobRecord): number {
  return createdAt + spec.timeoutSeconds * 1000;
}

/** Waits for the builder, or for a reason to end it; afterwards no process of it is left, whichever it was. */
async function untilEnd(builder: BuilderProcess, around: BuildSurroundings): Promise<BareEnd> {
  const limits = { deadline: deadlineOf(around.job), memoryBytes: around.job.spec.container.memoryBytes };
  const watch = new BuilderWatch(builder.family, limits, around.clock, around.stopped);
  watch.start();
  const reason: EndReason | undefined = await Promise.race([
    builder.exited.then(() => undefined),
    watch.exceeded,
  ]);
  watch.stop();
  await endFamily(builder.family, reason === 'oom' || reason === undefined ? 0 : TERM_GRACE_MS);
  const exitCode = await builder.exited;
  await Promise.race([builder.closed, pause(OUTPUT_MS, undefined, { ref: false })]);
  return reason === undefined ? { exitCode } : { reason };
}

function failure(error: unknown, log: OutputLog): BareEnd {
  if (error instanceof ImageRefused) log.say(`the image was refused: ${error.message}`);
  else log.say(error instanceof Error ? error.message : String(error));
  return hasCode(error, 'ENOSPC') ? { reason: 'disk_full' } : { exitCode: 1 };
}

async function diskIsFull(folder: JobFolder): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder.path);
  return bavail * bsize < DISK_LEFT;
}
