import { SMALL } from './fairness-load.ts';
import { printGoal, printLine, printTable } from './report.ts';
import { percentile } from './statistics.ts';
import type { Waits } from './waits.ts';

const GOAL_RATIO = 3;

type Measure = 'seconds' | 'turns';

const TITLES: Record<Measure, string> = {
  seconds: 'seconds from the acceptance until the build began, or was found to be built already',
  turns: 'builds that began in that time',
};

const ratioOf = (alone: Waits, together: Waits, measure: Measure) =>
  percentile(together[measure], 95) / percentile(alone[measure], 95);

function printWaits(alone: ReadonlyMap<string, Waits>, together: readonly Waits[], measure: Measure): void {
  const columns = (of?: Waits) =>
    [50, 95, 100].map((percent) => (of ? percentile(of[measure], percent).toFixed(1) : ''));
  const rows = together.map((waits) => {
    const { tenant, kind, seconds } = waits;
    const base = alone.get(tenant);
    const ratio = base ? ratioOf(base, waits, measure).toFixed(2) : '';
    return [`${tenant}, ${kind}`, String(seconds.length), ...columns(base), ...columns(waits), ratio];
  });
  printLine(TITLES[measure]);
  printTable(['', 'builds', 'alone p50', 'p95', 'max', 'together p50', 'p95', 'max', '× p95'], rows);
}

/** Prints the waits of each tenant, alone and beside the large one, and whether the small ones had to suffer. */
export function reportWaits(before: readonly Waits[], together: readonly Waits[]): void {
  const alone = new Map(before.map((waits) => [waits.tenant, waits]));
  printWaits(alone, together, 'seconds');
  printWaits(
    alone,
    together.filter(({ kind }) => kind === 'new'),
    'turns',
  );
  const small = together.filter(({ tenant }) => SMALL.includes(tenant));
  const worst = (measure: Measure) =>
    Math.max(...small.map((waits) => ratioOf(alone.get(waits.tenant)!, waits, measure)));
  printGoal(
    `p95 wait of each small tenant ≤ ${GOAL_RATIO} × what it is without the large one`,
    `at most ${worst('seconds').toFixed(2)} × in seconds, ${worst('turns').toFixed(2)} × in builds`,
    worst('seconds') <= GOAL_RATIO,
  );
}
