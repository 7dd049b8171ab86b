import { historyOf } from '../check/history.ts';
import type { Break, Observed, Traces } from '../lib/observed.ts';

const MOST_HISTORIES = 10;

/** `one 1, two 2`, by name. */
export function listed(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  return entries.map(([name, count]) => `${name} ${count}`).join(', ');
}

/** Prints each break; with the first of a build comes the build's whole history. */
export async function tellBreaks(
  traces: Traces,
  observed: Observed,
  breaks: readonly Break[],
  tell: (text: string) => void,
): Promise<void> {
  const told = new Set<string>();
  for (const { invariant, buildId, message } of breaks) {
    tell(`\n✖ ${invariant}${buildId ? ` ${buildId}` : ''}: ${message}`);
    if (!buildId || told.has(buildId) || told.size === MOST_HISTORIES) continue;
    told.add(buildId);
    tell(await historyOf(traces, observed, buildId));
  }
}
