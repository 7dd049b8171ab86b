import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from './context.ts';
import { tailLines, tellingLine } from './log-file.ts';
import type { RunRecord } from './run-record.ts';

const LOOK_EVERY_MS = 2_000;

/** Stays until a signal comes or another command has stopped everything. A process that dies is told of once, not restarted. */
export async function stay(
  { signal, state, steps }: Context,
  record: RunRecord,
): Promise<'signal' | 'stopped'> {
  const told = new Set<number>();
  while (!signal.aborted) {
    const entries = record.processes();
    if (entries.length === 0) return 'stopped';
    // A command that holds the lock is stopping them on purpose, or bringing them back.
    const unexpected = existsSync(state.lock) ? [] : entries;
    for (const { name, pid } of unexpected.filter(
      (entry) => !record.running(entry.name) && !told.has(entry.pid),
    )) {
      told.add(pid);
      const log = `${state.logs}/${name}.log`;
      steps.line(
        // Only its last words can be about its end: what failed long before is another story.
        `✖ ${name} has ended: ${tellingLine(tailLines(log).slice(-1))} (log: ${log}; "npm start -- --detach" in another terminal brings it back)`,
      );
    }
    // Ends early, by throwing, when the signal comes: that is the loop's condition and no error.
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return 'signal';
}
