import { printGoal, printLine, printTable, rangeOf } from './report.ts';
import { median, medianRatio, percentile } from './statistics.ts';

const GOAL_RATIO = 2.5;
const GOAL_MS = 20;

/** Events per second, one value per round. */
export interface Rates {
  /** The bare loop on one connection. */
  single: number[];
  /** The bare loop on as many connections as ingest has. */
  pooled: number[];
  ingest: number[];
}

export interface Latencies {
  /** Events published per second. */
  perSecond: number;
  /** Milliseconds from the publish until the build's row was written, which its commit follows. */
  recorded: number[];
  /** Until a subscriber had got build.accepted, which the relay publishes after the commit. */
  announced: number[];
}

/** Prints the rates beside their baselines, the latencies at parts of the rate, and what became of the goals. */
export function reportAcceptance(rates: Rates, latencies: readonly Latencies[]): void {
  const row = (title: string, values: number[]) => [
    title,
    median(values).toFixed(0),
    rangeOf(values),
    medianRatio(values, rates.single).toFixed(2),
    medianRatio(values, rates.pooled).toFixed(2),
  ];
  printLine(`medians of ${rates.ingest.length} rounds, of the ratios in each round as well`);
  printTable(
    ['', 'events/s', 'range', '× single', '× pooled'],
    [
      row('single: bare loop on 1 connection, 1 event per commit', rates.single),
      row('pooled: the same on as many connections as ingest has', rates.pooled),
      row('ingest: message, commit, ack', rates.ingest),
    ],
  );
  const times = (values: number[]) => [50, 95, 99].map((percent) => percentile(values, percent).toFixed(1));
  printLine(
    'ms from the publish until the row was written (builds.created_at; the commit follows), and until',
  );
  printLine('build.accepted was received (after commit and relay)');
  printTable(
    ['at events/s', 'p50', 'p95', 'p99', 'received p50', 'p95', 'p99'],
    latencies.map(({ perSecond, recorded, announced }) => [
      perSecond.toFixed(0),
      ...times(recorded),
      ...times(announced),
    ]),
  );
  const ratio = medianRatio(rates.ingest, rates.single);
  printGoal(
    `≥ ${GOAL_RATIO} × the single-event rate on one connection`,
    `${ratio.toFixed(2)} ×`,
    ratio >= GOAL_RATIO,
  );
  for (const { perSecond, recorded } of latencies) {
    const p99 = percentile(recorded, 99);
    const goal = `p99 from publish to builds.created_at < ${GOAL_MS} ms at ${perSecond.toFixed(0)} events/s`;
    printGoal(goal, `${p99.toFixed(1)} ms`, p99 < GOAL_MS);
  }
}
