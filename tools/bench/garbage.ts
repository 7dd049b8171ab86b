// What a neighbour notices of bad messages: builds of an unchanged source, one after the other, alone and while bad
// messages come to every queue. Usage: npm run bench garbage [-- ROUNDS]
import { setTimeout as delay } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import { startApps } from '../bootstrap/apps.ts';
import { QUEUES } from '../bootstrap/queues.ts';
import { badMessage } from './lib/bad-messages.ts';
import { runBench, type Bench } from './lib/bench.ts';
import { openBuildTrips, unchangedBuild } from './lib/build-trips.ts';
import { deadLetters, waiting } from './lib/builds.ts';
import { publishPaced } from './lib/paced.ts';
import { printGoal, printLine, printSurroundings, printTable } from './lib/report.ts';
import type { RoundTrips } from './lib/round-trips.ts';
import { withChannel, withDatabase } from './lib/servers.ts';
import { percentile } from './lib/statistics.ts';
import { until } from './lib/until.ts';

const PER_SECOND = 400;
const SECONDS = 10;
const GOAL_RATIO = 1.5;

/** Builds one after the other until `end` resolves. */
async function buildsUntil(end: Promise<unknown>, builds: RoundTrips): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  const mark = (): void => void (over = true);
  end.then(mark, mark);
  while (!over) times.push(await unchangedBuild(builds, 0));
  await end;
  return times;
}

interface Times {
  alone: number[];
  beside: number[];
}

async function measure(bench: Bench, out: ConfirmChannel, builds: RoundTrips): Promise<Times> {
  const { context, rounds } = bench;
  const { signal, steps } = context;
  const pace = { count: PER_SECOND * SECONDS, perSecond: PER_SECOND, signal };
  const rest = () => delay(SECONDS * 1000, undefined, { signal });
  const gone = async () => (await waiting(out)) === 0;
  const times: Times = { alone: [], beside: [] };
  await steps.run('The first build of the source', () => unchangedBuild(builds, 0));
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const title = round === 0 ? 'Warm-up' : `Round ${round} of ${rounds}`;
    const alone = await steps.run(`${title}: alone`, () => buildsUntil(rest(), builds));
    const bad = publishPaced(out, pace, (number) => badMessage(round * pace.count + number));
    const beside = await steps.run(`${title}: beside bad messages`, () => buildsUntil(bad, builds));
    await until('the bad messages have to leave the queues', signal, gone);
    if (round === 0) continue;
    times.alone.push(...alone);
    times.beside.push(...beside);
  }
  return times;
}

function report({ alone, beside }: Times, buried: number): void {
  const percents = [50, 95, 99];
  const of = (values: number[]) => percents.map((percent) => percentile(values, percent));
  const ratios = of(beside).map((value, index) => value / of(alone)[index]!);
  const row = (title: string, values: number[]) => [
    `${title} (${values.length}), ms`,
    ...of(values).map((value) => value.toFixed(1)),
  ];
  printLine(
    `${PER_SECOND} bad messages a second, in turn to ${QUEUES.length} queues, ${buried} dead letters in all`,
  );
  printTable(
    ['', 'p50', 'p95', 'p99'],
    [row('alone', alone), row('beside', beside), ['ratio', ...ratios.map((ratio) => ratio.toFixed(2))]],
  );
  const p95 = ratios[1]!;
  printGoal(`p95 beside bad messages ≤ ${GOAL_RATIO} × alone`, `${p95.toFixed(2)} ×`, p95 <= GOAL_RATIO);
}

await runBench(3, async (bench) => {
  const { context, record, addresses } = bench;
  await context.steps.run('Apps', () => startApps(context, record, addresses));
  await withChannel(addresses.amqp, (out) =>
    withChannel(addresses.amqp, async (subscriber) => {
      const builds = await openBuildTrips(out, subscriber, context.signal);
      const times = await measure(bench, out, builds);
      const buried = await deadLetters(out);
      await withDatabase(addresses.database, (client) => printSurroundings(client, out));
      report(times, buried);
    }),
  );
});
