import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../files/json-file';
import { removeTree } from '../files/remove-tree';
import { endFamily } from '../processes/family';
import { isAlive, type ProcessIdentity } from '../processes/process-identity';
import type { JobFolder } from './job-folder';
import { markersOf } from './job-record';

const LOOK_MS = 20;

/** Kills whatever is left of a Job, its supervisor living or not, and takes its folder away. */
export async function endJob(folder: JobFolder): Promise<void> {
  const record = await folder.record();
  if (record !== undefined) {
    // A supervisor on its way finds the lock taken and goes.
    await folder.takeLock({ abandoned: true });
    const lock = await folder.lock();
    // The supervisor first, and without asking: it would start its sidecar again.
    if (lock !== undefined && lock.abandoned !== true) await killOne(lock as ProcessIdentity);
    const status = await folder.status();
    const marker = markersOf(record.uid);
    await endFamily({ leader: status?.builder, gid: status?.builderGid, marker: marker.builder }, 0);
    await endFamily({ leader: status?.sidecar, marker: marker.sidecar }, 0);
  }
  await removeTree(folder.path);
}

async function killOne(identity: ProcessIdentity): Promise<void> {
  while (isAlive(identity)) {
    try {
      process.kill(identity.pid, 'SIGKILL');
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
    await pause(LOOK_MS);
  }
}
