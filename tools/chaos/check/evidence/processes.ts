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

function listIn(pid: number, file: 'cmdline' | 'environ'): string[] {
  return ofProcess(() => readFileSync(`/proc/${pid}/${file}`, 'utf8')).split('\0');
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number);
}

function jobProcess(pid: number, jobs: string): JobProcess | undefined {
  const commanded = listIn(pid, 'cmdline').find((word) => word.startsWith(`${jobs}/`));
  const supervised = commanded === undefined ? undefined : jobIn(commanded, jobs);
  const folder = jobIn(
    ofProcess(() => readlinkSync(`/proc/${pid}/cwd`)),
    jobs,
  );
  const job = supervised ?? jobInEnvironment(listIn(pid, 'environ'), jobs) ?? folder;
  // A supervisor is started with the folder itself, and with nothing of its Job in the environment.
  return job === undefined ? undefined : { pid, job, supervisor: commanded === `${jobs}/${job}` };
}

/** All live processes of the Jobs below STATE_DIR, found by what `/proc` shows of them and not by what Slipway recorded. */
export function jobProcesses(stateDir: string): JobProcess[] {
  const { jobs } = foldersOf(stateDir);
  return allProcesses()
    .map((pid) => jobProcess(pid, jobs))
    .filter((found) => found !== undefined);
}

/** The first process of a function, which the gateway starts. */
export interface FunctionProcess {
  pid: number;
  service: string;
  /** Whether its parent is a gateway; that of one whose gateway has died is not. */
  kept: boolean;
}

const GATEWAY = /apps\/gateway\/main\.js$/;

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(ofProcess(() => readFileSync(`/proc/${pid}/status`, 'utf8')))?.[1]);
}

/** The service whose folder the process has as its home. */
function serviceOf(pid: number, services: string): string | undefined {
  const home = listIn(pid, 'environ').find((entry) => entry.startsWith(`HOME=${services}/`));
  return home?.slice(`HOME=${services}/`.length).split('/')[0];
}

/** All live functions below STATE_DIR, found by what `/proc` shows of them. */
export function functionProcesses(stateDir: string): FunctionProcess[] {
  const { services } = foldersOf(stateDir);
  return allProcesses().flatMap((pid) => {
    const service = serviceOf(pid, services);
    const parent = parentOf(pid);
    // What a function has started itself is its own affair.
    if (service === undefined || serviceOf(parent, services) !== undefined) return [];
    const kept = listIn(parent, 'cmdline').some((word) => GATEWAY.test(word));
    return [{ pid, service, kept }];
  });
}
