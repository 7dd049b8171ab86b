import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { foldersOf } from '../names.ts';

/** A live process of a Job: its supervisor, or what the supervisor started (builder, sidecar). */
export interface JobProcess {
  pid: number;
  job: string;
  supervisor: boolean;
}

/** The text, or nothing where the process has gone meanwhile or is another user's. */
function ofProcess(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** The Job named by a path at or below its folder. */
function jobIn(text: string, jobs: string): string | undefined {
  const at = text.indexOf(`${jobs}/`);
  return at < 0 ? undefined : text.slice(at + jobs.length + 1).split('/')[0];
}

/** A sidecar is told folder and Job apart; a builder has paths of its Job in its environment. */
function jobInEnvironment(environment: readonly string[], jobs: string): string | undefined {
  if (environment.includes(`KANIKO_NAMESPACE=${jobs}`)) {
    return environment.find((entry) => entry.startsWith('KANIKO_POD_NAME='))?.split('=')[1];
  }
  return environment.map((entry) => jobIn(entry, jobs)).find((job) => job !== undefined);
}

function jobProcess(pid: number, jobs: string): JobProcess | undefined {
  const list = (file: string): string[] =>
    ofProcess(() => readFileSync(`/proc/${pid}/${file}`, 'utf8')).split('\0');
  const commanded = list('cmdline').find((word) => word.startsWith(`${jobs}/`));
  const supervised = commanded === undefined ? undefined : jobIn(commanded, jobs);
  const folder = jobIn(
    ofProcess(() => readlinkSync(`/proc/${pid}/cwd`)),
    jobs,
  );
  const job = supervised ?? jobInEnvironment(list('environ'), jobs) ?? folder;
  // A supervisor is started with the folder itself, and with nothing of its Job in the environment.
  return job === undefined ? undefined : { pid, job, supervisor: commanded === `${jobs}/${job}` };
}

/** All live processes of the Jobs below STATE_DIR, found by what `/proc` shows of them and not by what Slipway recorded. */
export function jobProcesses(stateDir: string): JobProcess[] {
  const { jobs } = foldersOf(stateDir);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => jobProcess(Number(name), jobs))
    .filter((found) => found !== undefined);
}
