import { readFileSync } from 'node:fs';

/** KiB of a process's memory that are in RAM: VmRSS of /proc/{pid}/status, proc(5). */
export function residentKib(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!found) throw new Error(`The process ${pid} has ended.`);
  return Number(found[1]);
}
