import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told from a later one that the kernel gave the same number by the time it started. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot (field 22 of /proc/{pid}/stat); elsewhere what `ps` prints. */
  startTime: string;
}

/** The start time in the text of /proc/{pid}/stat, or undefined for a zombie, which has ended already. */
export function startTimeFromStat(stat: string): string | undefined {
  // The second field is the command in brackets and may itself hold spaces and brackets: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** When the process started, or undefined where there is none. */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return startTimeFromStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // Gone: /proc has no such folder, or ps ends with 1.
  }
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return Number.isInteger(pid) && pid > 1 && startTimeOf(pid) === String(startTime);
}
