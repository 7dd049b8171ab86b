import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../../bootstrap/process-identity.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { signalTo } from '../system/process-state.ts';
import { fillSmallDisk, isOwnFileSystem } from '../system/small-disk.ts';
import type { PlannedFault } from './plan.ts';

interface JobStatus extends ProcessIdentity {
  builder?: ProcessIdentity;
  sidecar?: ProcessIdentity;
}

/** What the supervisors of the running Jobs say of themselves. */
function runningJobs(system: ChaosSystem): JobStatus[] {
  const files = globSync(join(system.scratch.context.state.platform, 'jobs', '*', 'status.json'));
  return files.flatMap((file) => {
    try {
      const status = JSON.parse(readFileSync(file, 'utf8')) as JobStatus;
      return isAlive(status) ? [status] : [];
    } catch {
      return []; // Removed while we looked.
    }
  });
}

function killed(
  system: ChaosSystem,
  fault: PlannedFault,
  what: string,
  pick: (job: JobStatus) => ProcessIdentity | undefined,
): string | undefined {
  const alive = runningJobs(system).flatMap((job) => {
    const identity = pick(job);
    return identity && isAlive(identity) ? [identity] : [];
  });
  const victim = alive[fault.count % alive.length];
  return victim && signalTo(victim.pid, 'SIGKILL') ? `a ${what} killed` : undefined;
}

export async function killSupervisor(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  return killed(system, fault, 'supervisor', (job) => job);
}

export async function killBuilder(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  return killed(system, fault, 'builder', (job) => job.builder);
}

export async function killSidecar(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  return killed(system, fault, 'sidecar', (job) => job.sidecar);
}

/** Kills the process of a function, as a fault in its own code would. */
export async function crashFunction(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const file = join(system.scratch.context.state.platform, 'function-processes.json');
  if (!existsSync(file)) return undefined;
  const families = JSON.parse(readFileSync(file, 'utf8')) as { leader?: ProcessIdentity }[];
  const alive = families.flatMap(({ leader }) => (leader && isAlive(leader) ? [leader] : []));
  const victim = alive[fault.count % alive.length];
  return victim && signalTo(victim.pid, 'SIGKILL') ? 'the process of a function killed' : undefined;
}

/** Leaves no room on the disk of Jobs, images, contexts and services. Only where that is a file system of its own. */
export async function fillDisk(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const { platform } = system.scratch.context.state;
  if (!isOwnFileSystem(platform)) return undefined;
  const release = fillSmallDisk(platform);
  await delay(fault.ms).finally(release);
  return `no room on the disk of the builds for ${fault.ms} ms`;
}
