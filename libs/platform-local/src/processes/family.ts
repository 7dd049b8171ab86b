import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../files/json-file';
import { bootId, type ProcessIdentity } from './process-identity';
import { hasEnvironment, processTable, realGroupId, type ProcessEntry } from './process-table';

/** How the processes that one of ours has brought forth are told from all others. */
export interface Family {
  /** Started as the leader of its own session. */
  leader?: ProcessIdentity;
  /** A group id that no other family has. Unprivileged processes cannot lay it down, so it finds every one. */
  gid?: number;
  /** `NAME=value` in the leader's environment, which its descendants inherit unless they take pains. */
  marker?: string;
}

const SETTLE_MS = 30;
const LONGEST_PAUSE_MS = 250;
const ROUNDS = 200;

/** Everything alive that belongs to the family: the session, what descends from it, and what carries its mark. */
export function membersOf(family: Family): ProcessEntry[] {
  const table = processTable().filter((entry) => entry.pid !== process.pid);
  const members = new Map(
    table.filter((entry) => belongs(entry, family, table)).map((entry) => [entry.pid, entry]),
  );
  for (let grown = true; grown;) {
    const children = table.filter((entry) => members.has(entry.parent) && !members.has(entry.pid));
    for (const child of children) members.set(child.pid, child);
    grown = children.length > 0;
  }
  return [...members.values()];
}

function belongs(entry: ProcessEntry, family: Family, table: ProcessEntry[]): boolean {
  const { leader } = family;
  if (leader !== undefined && leader.bootId === bootId()) {
    const inSession = entry.session === leader.pid || entry.group === leader.pid;
    // A pid is not given out again while a session bears it: another start time means that the session is long over.
    const recycled = table.some(({ pid, startTime }) => pid === leader.pid && startTime !== leader.startTime);
    if (inSession && !recycled) return true;
  }
  if (family.gid !== undefined && realGroupId(entry.pid) === family.gid) return true;
  return family.marker !== undefined && hasEnvironment(entry.pid, family.marker);
}

/**
 * Ends the whole family: SIGTERM, then SIGKILL after `graceMs` (0: at once), again and again until none is left, because
 * one that is about to be killed may just have forked. Fails where some cannot be killed.
 */
export async function endFamily(family: Family, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    signal(membersOf(family), 'SIGTERM');
    for (
      let waited = 0, ms = SETTLE_MS;
      waited < graceMs;
      waited += ms, ms = Math.min(ms * 1.5, LONGEST_PAUSE_MS)
    ) {
      if (membersOf(family).length === 0) return;
      await pause(ms);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    const left = membersOf(family);
    if (left.length === 0) return;
    signal(left, 'SIGKILL');
    await pause(SETTLE_MS);
  }
  throw new Error(
    `processes outlive SIGKILL: ${membersOf(family)
      .map((entry) => entry.pid)
      .join(', ')}`,
  );
}

function signal(entries: ProcessEntry[], name: NodeJS.Signals): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  }
}
