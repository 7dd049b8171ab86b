import { readFileSync } from 'node:fs';
import { readProcess } from './process-table';

/** Names one process for ever, so that a recycled pid is never taken for it, nor killed. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
  bootId: string;
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Undefined where there is no such process (any more). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const entry = readProcess(pid);
  return entry && { pid, startTime: entry.startTime, bootId: bootId() };
}

export function ownIdentity(): ProcessIdentity {
  const own = identityOf(process.pid);
  if (own === undefined) throw new Error('/proc does not show this process; the local platform needs Linux');
  return own;
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId() && readProcess(identity.pid)?.startTime === identity.startTime;
}
