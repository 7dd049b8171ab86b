import { readFileSync, readdirSync } from 'node:fs';

function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command in brackets may hold spaces: fields are counted from the last bracket.
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Whether the process was halted by a signal; false where it is gone. */
export function isStopped(pid: number): boolean {
  try {
    return statOf(pid)[0] === 'T';
  } catch {
    return false; // Gone: there is no such folder in /proc any more.
  }
}

/** The process and everything below it, parents first. */
export function familyOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const parent = Number(statOf(pid)[1]);
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      continue; // Ended while we looked.
    }
  }
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family;
}

/** Sends a signal to a process; false where it is gone. */
export function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
