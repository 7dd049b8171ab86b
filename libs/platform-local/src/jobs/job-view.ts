import { open } from 'node:fs/promises';
import type { Clock, ContainerEnd, JobState } from '@slipway/domain';
import { hasCode } from '../files/json-file';
import { bootId, isAlive, type ProcessIdentity } from '../processes/process-identity';
import type { JobFolder } from './job-folder';
import type { JobRecord, StatusRecord, SupervisorLock } from './job-record';

/** How long a supervisor may take from its start to its lock; a loaded machine needs seconds for it. */
export const SUPERVISOR_GRACE_MS = 30_000;

const TAIL_BYTES = 16 * 1024;
const TAIL_LINES = 50;

/** The Job as its files and processes show it; undefined where it is gone. */
export async function viewJob(folder: JobFolder, clock: Clock): Promise<JobState | undefined> {
  const record = await folder.record();
  if (record === undefined) return undefined;
  const lock = (await folder.lock()) ?? (await abandonIfLate(folder, record, clock));
  const alive = lock === undefined || isHeld(lock);
  // Read after the question whether it lives: a supervisor that ended in between has written its end before.
  const status = await folder.status();
  const end = status?.end ?? (alive ? undefined : await lostEnd(folder));
  return {
    name: record.spec.name,
    uid: record.uid,
    buildId: record.spec.buildId,
    attempt: record.spec.attempt,
    phase: phaseOf(status, end),
    ...(end === undefined ? {} : { end }),
  };
}

/** Whether a Job without supervisor is one whose supervisor may still come. */
export function mayStillStart(record: JobRecord, clock: Clock): boolean {
  return record.bootId === bootId() && clock.now() - record.createdAt <= SUPERVISOR_GRACE_MS;
}

function phaseOf(status: StatusRecord | undefined, end: ContainerEnd | undefined): JobState['phase'] {
  return end === undefined ? (status?.phase ?? 'starting') : 'done';
}

/** Takes the lock in the supervisor's stead, so that "it never came" cannot become wrong later. */
async function abandonIfLate(
  folder: JobFolder,
  record: JobRecord,
  clock: Clock,
): Promise<SupervisorLock | undefined> {
  if (mayStillStart(record, clock)) return undefined;
  await folder.takeLock({ abandoned: true });
  return folder.lock();
}

function isHeld(lock: SupervisorLock): boolean {
  return lock.abandoned !== true && isAlive(lock as ProcessIdentity);
}

async function lostEnd(folder: JobFolder): Promise<ContainerEnd> {
  return { reason: 'lost', head: [], tail: await lastLines(folder.log) };
}

async function lastLines(path: string): Promise<string[]> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    return lines.filter((line) => line !== '').slice(-TAIL_LINES);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
