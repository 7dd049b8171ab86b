import type { ColdStart } from './cold-start.ts';
import type { Ended } from './http-load.ts';
import { printGoal, printLine, printTable } from './report.ts';
import { median, percentile } from './statistics.ts';

/** The requests of each measurement, and how long it lasted. */
export interface Loads {
  seconds: number;
  bare: Ended[];
  quiet: Ended[];
  killing: Ended[];
}

export interface Crashes {
  killed: number;
  /** Longest time that one request may take. */
  limitMs: number;
  /** Whether the gateway is the process that it was. */
  gatewayStayed: boolean;
  /** Seconds after the last request until every function had answered with 200; undefined where they never did. */
  recoverySeconds: number | undefined;
}

export function reportColdStarts(starts: readonly ColdStart[], requests: number): void {
  const one = starts.filter(({ processes, served }) => processes === 1 && served === requests);
  const slowest = starts.map(({ slowestMs }) => slowestMs);
  printLine(
    `slowest of ${requests} cold requests: median of ${starts.length} functions ${median(slowest).toFixed(0)} ms, worst ${Math.max(...slowest).toFixed(0)} ms`,
  );
  printGoal(
    `${requests} cold requests at once start one process, which answers them all`,
    `${one.length} of ${starts.length} functions`,
    one.length === starts.length,
  );
}

function row(title: string, ended: readonly Ended[], { seconds, bare }: Loads): string[] {
  const served = ended.filter(({ how }) => how === 200).map(({ ms }) => ms);
  const rate = served.length / seconds;
  const bareRate = bare.length / seconds;
  const latencies = [50, 99].map((percent) => (served.length ? percentile(served, percent).toFixed(1) : '–'));
  const slowest = ended.reduce((most, { ms }) => Math.max(most, ms), 0);
  return [title, rate.toFixed(0), (rate / bareRate).toFixed(3), ...latencies, slowest.toFixed(0)];
}

/** Prints rates and latencies; those of answers other than 200 are in the last column only. */
export function reportLoads(loads: Loads, lanes: number): void {
  printLine(`${lanes} requests under way at any time; ms`);
  printTable(
    ['', '200 per s', '× bare', 'p50', 'p99', 'slowest of all'],
    [
      row('bare node:http server, one process', loads.bare, loads),
      row('functions behind the gateway', loads.quiet, loads),
      row('the same while processes are killed', loads.killing, loads),
    ],
  );
}

/** The status, with the problem's code where it is one. */
function labelOf({ how, text }: Ended): string {
  if (how === 200 || text === '') return String(how);
  const { code } = JSON.parse(text) as { code?: string };
  return [how, code].filter(Boolean).join(' ');
}

function countByLabel(ended: readonly Ended[]): [label: string, count: number][] {
  const counts = new Map<string, number>();
  for (const label of ended.map(labelOf)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

export function reportCrashes(ended: readonly Ended[], crashes: Crashes): void {
  const hung = ended.filter(({ how }) => how === 'hung').length;
  const slowest = ended.reduce((most, { ms }) => Math.max(most, ms), 0);
  const list = countByLabel(ended).map(([label, count]) => `${label}: ${count}`);
  printLine(`${crashes.killed} processes killed; ${ended.length} requests ended so: ${list.join(', ')}`);
  printGoal(
    `no request hangs beyond its limit of ${crashes.limitMs / 1000} s`,
    `${hung} did, the slowest took ${(slowest / 1000).toFixed(2)} s`,
    hung === 0,
  );
  const { recoverySeconds: seconds, gatewayStayed } = crashes;
  const recovered = seconds === undefined ? 'not all of them' : `after ${seconds.toFixed(1)} s`;
  printGoal(
    'every function serves again afterwards, and the gateway never ended',
    `${recovered}; the gateway ${gatewayStayed ? 'stayed' : 'ended'}`,
    seconds !== undefined && gatewayStayed,
  );
}
