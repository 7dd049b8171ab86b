import type { Clock } from '@slipway/domain';
import { JobFolder } from '../jobs/job-folder';
import { ownIdentity } from '../processes/process-identity';
import { runBuilder, type PrepareWrapper } from './run-builder';
import { Sidecar } from './sidecar-process';
import { StatusFile } from './status-file';

export interface SupervisorTools {
  prepareWrapper: PrepareWrapper;
  clock: Clock;
  /** How long the sidecar may take to report after the end. Default 30 s. */
  reportMs?: number;
}

const REPORT_MS = 30_000;

/**
 * Runs the Job of a folder to its end and returns. Does nothing where another supervisor has, or had, the Job.
 * SIGTERM ends the builder with the reason `stopped`.
 */
export async function runSupervisor(jobFolder: string, tools: SupervisorTools): Promise<void> {
  const folder = new JobFolder(jobFolder);
  const job = await folder.record();
  const own = ownIdentity();
  if (job === undefined || !(await folder.takeLock(own))) return;
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  const { pid, startTime } = own;
  const status = await StatusFile.begin(folder, { uid: job.uid, pid, startTime, phase: 'starting' });
  const sidecar = new Sidecar(folder, job, status);
  sidecar.start();
  const { clock, prepareWrapper } = tools;
  const end = await runBuilder({ folder, job, status, clock, prepareWrapper, stopped: stop.signal });
  await status.finish(end, clock.now());
  await sidecar.reported(tools.reportMs ?? REPORT_MS);
}
