import { APP_NAMES } from '../../bootstrap/ports.ts';
import { printGoal, printLine, printTable } from './report.ts';
import { median, slope } from './statistics.ts';

/** A part of the run. */
export interface Stretch {
  /** Builds that ended in a second. */
  perSecond: number;
  /** KiB of resident memory by app, in the order of APP_NAMES. */
  kib: number[];
}

const WARM_UP = 2;
const AT_EACH_END = 4;
const GOAL_RATIO = 1.15;

/** Prints the memory of each app over the run, what it rises, and whether it stays. */
export function reportMemory(stretches: readonly Stretch[], buildsEach: number): void {
  const mib = (kib: number) => (kib / 1024).toFixed(0);
  const rows = stretches.map(({ perSecond, kib }, index) => [
    ((index + 1) * buildsEach).toFixed(0),
    perSecond.toFixed(0),
    ...kib.map(mib),
  ]);
  printLine(`resident memory in MiB; the first ${WARM_UP * buildsEach} builds are the warm-up`);
  printTable(['builds', 'builds/s', ...APP_NAMES], rows);
  const trends = APP_NAMES.map((app, index) => trendOf(app, stretches, index, buildsEach));
  printTable(
    ['after the warm-up', 'KiB per 1,000 builds', `last ${AT_EACH_END} ÷ first ${AT_EACH_END}`],
    trends.map(({ app, kibPerThousand, ratio }) => [app, kibPerThousand.toFixed(0), ratio.toFixed(3)]),
  );
  for (const { app, ratio } of trends) {
    printGoal(
      `memory of ${app} at the end ≤ ${GOAL_RATIO} × after the warm-up`,
      `${ratio.toFixed(2)} ×`,
      ratio <= GOAL_RATIO,
    );
  }
}

/** Over several stretches at each end, because the memory swings with the garbage collection from one to the next. */
function trendOf(app: string, stretches: readonly Stretch[], index: number, buildsEach: number) {
  const kib = stretches.slice(WARM_UP).map((stretch) => stretch.kib[index]!);
  const [first, last] = [median(kib.slice(0, AT_EACH_END)), median(kib.slice(-AT_EACH_END))];
  return { app, kibPerThousand: (slope(kib) * 1000) / buildsEach, ratio: last / first };
}
