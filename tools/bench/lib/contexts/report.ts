import { printGoal, printLine, printTable, rangeOf } from '../report.ts';
import { median, medianRatio, percentile } from '../statistics.ts';
import { THREADS, type FloorRun } from './floor.ts';
import type { Outcome } from './load.ts';
import { between, quantileWithin } from './step-times.ts';

/** What was measured on one storage, one value per round. */
export interface Rounds {
  storage: string;
  floor: FloorRun[];
  fresh: Outcome[];
  repeated: Outcome[];
}

export interface MemoryRun {
  outcome: Outcome;
  limited: boolean;
  peakKib: number;
  /** Of the control group. */
  peakBytes: number | undefined;
  kills: number;
}

const GOAL_FRESH = 1.7;
const GOAL_REPEATED = 1;
const GOAL_WHOLE_MS = 500;
const GOAL_DELAY_MS = 10;

const STEP = 'slipway_context_step_seconds';
/** Seconds that the requirement documents allow a step. */
const STEPS: readonly (readonly [title: string, histogram: string, allowed: number])[] = [
  ['download', `${STEP} step="download"`, 2],
  ['hash', `${STEP} step="hash"`, 0.1],
  ['pack', `${STEP} step="pack"`, 1],
  ['upload and store', `${STEP} step="upload"`, 1],
  ['context', 'build_context_creation_duration_seconds', 5],
];

const walls = (outcomes: readonly Outcome[]) => outcomes.map(({ wallMs }) => wallMs);

/** Prints how long as many contexts take at once, beside the floor where there is one. */
export function reportAtOnce({ storage, floor, fresh, repeated }: Rounds): void {
  const times = floor.map(({ ms }) => ms);
  const ratio = (values: number[]) => (floor.length > 0 ? medianRatio(values, times).toFixed(2) : '');
  const row = (title: string, outcomes: readonly Outcome[]) => [
    title,
    median(walls(outcomes)).toFixed(0),
    rangeOf(walls(outcomes)),
    ratio(walls(outcomes)),
    median(outcomes.map(({ cpuMs, sent }) => cpuMs / sent)).toFixed(1),
    median(outcomes.map(({ delays }) => delays.p99)).toFixed(1),
    Math.max(...outcomes.map(({ delays }) => delays.max)).toFixed(0),
  ];
  const floorRow = [
    `floor: SHA-256 and libdeflate level 1, ${THREADS} threads`,
    median(times).toFixed(0),
    rangeOf(times),
    '1.00',
    ((median(times) * THREADS) / fresh[0]!.sent).toFixed(1),
  ];
  printTable(
    [
      `${storage}: ${fresh[0]!.sent} at once`,
      'wall ms',
      'range',
      '× floor',
      'CPU ms each',
      'loop p99 ms',
      'max',
    ],
    [
      ...(floor.length > 0 ? [[...floorRow, '', '']] : []),
      row('new contents', fresh),
      row('90 % repeated contents', repeated),
    ],
  );
  if (floor.length === 0) return;
  const goals = [
    { what: 'new contents', goal: GOAL_FRESH, value: medianRatio(walls(fresh), times) },
    { what: '90 % repeated', goal: GOAL_REPEATED, value: medianRatio(walls(repeated), times) },
  ];
  for (const { what, goal, value } of goals)
    printGoal(`${storage}: ${what} ≤ ${goal} × the floor`, `${value.toFixed(2)} ×`, value <= goal);
}

function shownQuantile({ before, after }: Outcome, histogram: string, quantile: number) {
  const within = quantileWithin(between(before, after, histogram), quantile);
  if (!within) return { text: 'none', atMost: Infinity };
  const ms = (seconds: number) => (seconds * 1000).toFixed(0);
  return { text: `${ms(within.above)}–${ms(within.atMost)}`, atMost: within.atMost };
}

/** Prints the app's own times of its steps beside the limits of the requirement documents. */
export function reportSteps(title: string, outcome: Outcome): void {
  const rows = STEPS.map(([step, histogram, allowed]) => {
    const [p50, p95] = [0.5, 0.95].map((quantile) => shownQuantile(outcome, histogram, quantile));
    const kept = p95!.atMost <= allowed ? 'kept' : 'not kept';
    return [step, p50!.text, p95!.text, (allowed * 1000).toFixed(0), kept];
  });
  printTable([`${title}: step, ms by the app's histogram`, 'p50', 'p95', 'limit', ''], rows);
}

export function reportPaced(outcome: Outcome, perSecond: number): void {
  const { wholeMs, delays, sent, stored } = outcome;
  const shown = [50, 95, 99].map((percent) => percentile(wholeMs, percent).toFixed(0));
  printLine(`${stored} of ${sent} contexts at ${perSecond} a second on s3, from accepted to stored:`);
  printLine(
    `p50 ${shown[0]} ms, p95 ${shown[1]} ms, p99 ${shown[2]} ms; event loop late by p99 ${delays.p99.toFixed(1)} ms, max ${delays.max.toFixed(0)} ms`,
  );
  const p95 = percentile(wholeMs, 95);
  printGoal(`p95 of the whole < ${GOAL_WHOLE_MS} ms`, `${p95.toFixed(0)} ms`, p95 < GOAL_WHOLE_MS);
}

export function reportDelays(outcomes: readonly Outcome[]): void {
  const worst = Math.max(...outcomes.map(({ delays }) => delays.p99));
  printGoal(
    `p99 of the event loop's delay < ${GOAL_DELAY_MS} ms, in every run`,
    `${worst.toFixed(1)} ms`,
    worst < GOAL_DELAY_MS,
  );
}

export function reportMemory(
  { outcome, limited, peakKib, peakBytes, kills }: MemoryRun,
  limitBytes: number,
): void {
  const mib = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
  const group = peakBytes === undefined ? '' : `, its control group ${mib(peakBytes)} with the page cache`;
  printLine(
    `${outcome.sent} at once: the process had at most ${mib(peakKib * 1024)}${group}; ${(outcome.wallMs / 1000).toFixed(1)} s`,
  );
  if (!limited) printLine('no control group could be made: the limit was not enforced');
  printGoal(
    `${outcome.sent} at once in ${mib(limitBytes)}, none is lost`,
    `${outcome.stored} stored, ${kills} kills`,
    outcome.stored === outcome.sent && kills === 0 && peakKib * 1024 <= limitBytes,
  );
}
