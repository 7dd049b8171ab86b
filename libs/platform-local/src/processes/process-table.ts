import { readFileSync, readdirSync } from 'node:fs';

/** A process as `/proc` shows it. Pids come again; pid and start time together do not (until the next boot). */
export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** Field 22 of `/proc/{pid}/stat`: clock ticks since boot. */
  startTime: string;
}

/** All live processes; what is only waiting to be reaped does not count. Synchronous, because `/proc` is memory. */
export function processTable(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

export function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readProc(pid, 'stat');
  if (stat === undefined) return undefined;
  // The name in field 2 may hold blanks and parentheses, so fields are counted from the last one on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', parent, group, session] = fields;
  const startTime = fields[19];
  if (state === 'Z' || state === 'X' || startTime === undefined) return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), startTime };
}

/** The memory that is a process's own, in bytes: program files mapped by many would be counted once for each. */
export function ownMemory(pid: number): number {
  const status = readProc(pid, 'status') ?? '';
  return kibibytes(status, 'RssAnon') + kibibytes(status, 'RssShmem');
}

/** The real group id, which an unprivileged process cannot change. */
export function realGroupId(pid: number): number | undefined {
  const match = /^Gid:\s+(\d+)/m.exec(readProc(pid, 'status') ?? '');
  return match === null ? undefined : Number(match[1]);
}

/** Whether the environment that the process was started with holds `NAME=value`. */
export function hasEnvironment(pid: number, assignment: string): boolean {
  return (readProc(pid, 'environ') ?? '').split('\0').includes(assignment);
}

function kibibytes(status: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status);
  return match === null ? 0 : Number(match[1]) * 1024;
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // Gone meanwhile, or another user's: either way it is none that we could speak of.
    return undefined;
  }
}
