import { historyOf } from '../check/history.ts';
import type { Break, Observed, Traces } from '../lib/observed.ts';
import type { ChaosOptions } from './options.ts';

export interface Outcome {
  options: ChaosOptions;
  observed: Observed;
  breaks: readonly Break[];
  /** What was still to be done when the run gave up waiting. */
  left: readonly string[];
  recoveredMs: number | undefined;
  recoveredInTime: boolean;
  faults: Readonly<Record<string, number>>;
  traffic: Readonly<Record<string, number>>;
  surprises: readonly string[];
}

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

/** Prints what was done, what came of it, and every break. */
export async function report(traces: Traces, outcome: Outcome, tell: (text: string) => void): Promise<void> {
  const { breaks, observed, options, recoveredMs } = outcome;
  const total = Object.values(outcome.faults).reduce((sum, count) => sum + count, 0);
  tell(`\nTraffic: ${listed(outcome.traffic)}`);
  tell(`Faults:  ${total}: ${listed(outcome.faults)}`);
  for (const text of outcome.left) tell(`✖ never done: ${text}`);
  for (const text of outcome.surprises) tell(`! unexpected answer: ${text}`);
  await tellBreaks(traces, observed, breaks, tell);
  const recovered = recoveredMs === undefined ? 'never' : `${(recoveredMs / 1000).toFixed(1)} s`;
  tell(
    `\nSeed ${options.seed}: ${observed.starts.length} start events taken over, ${total} faults, ` +
      `${breaks.length} breaks, at rest ${recovered} after the last fault (limit 60 s), ${observed.events.length} events received`,
  );
}
