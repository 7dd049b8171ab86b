// From publishing build.start to receiving build.complete, for a source that was built before, beside the round trip of
// a bare message through one quorum queue of the same broker. Usage: npm run bench latency [-- ROUNDS]
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { startApps } from '../bootstrap/apps.ts';
import { runBench, type Bench } from './lib/bench.ts';
import { openBuildTrips, SOURCE, unchangedBuild } from './lib/build-trips.ts';
import { inLanes } from './lib/lanes.ts';
import { printGoal, printLine, printSurroundings, printTable } from './lib/report.ts';
import { RoundTrips } from './lib/round-trips.ts';
import { declareQueue, numberOf, withChannel, withDatabase, type Message } from './lib/servers.ts';
import { buildStart } from './lib/start-events.ts';
import { percentile } from './lib/statistics.ts';

const PER_ROUND = 60;
const WARM_UP = 60;
const LANES = 20;
const GOAL_MS = 50;
const ECHO = 'bench-echo';

type Send = (lane: number) => Promise<number>;

/** A message as long as the event, straight into a queue. */
function echo(trips: RoundTrips): Send {
  const { body } = buildStart(randomUUID(), { tenant: 'bench', parser: 'unchanged-0' }, { source: SOURCE });
  return () => {
    const id = randomUUID();
    const message: Message = { exchange: '', routingKey: ECHO, body, options: { messageId: id } };
    return trips.time(id, message);
  };
}

interface Series {
  title: string;
  lanes: number;
  echo: number[];
  build: number[];
}

async function measure(bench: Bench, sends: { echo: Send; build: Send }): Promise<Series[]> {
  const { context, rounds } = bench;
  const { signal, steps } = context;
  const many = (send: Send, lanes: number, count: number) =>
    inLanes({ count, lanes, signal }, (_, lane) => send(lane));
  await steps.run('The first build of the source', () => sends.build(0));
  await steps.run('Warm-up', async () => {
    for (const lanes of [1, LANES]) {
      await many(sends.build, lanes, WARM_UP);
      await many(sends.echo, lanes, WARM_UP);
    }
  });
  const series: Series[] = [
    { title: 'one at a time', lanes: 1, echo: [], build: [] },
    { title: `${LANES} in flight`, lanes: LANES, echo: [], build: [] },
  ];
  for (let round = 1; round <= rounds; round += 1) {
    await steps.run(`Round ${round} of ${rounds}`, async () => {
      for (const { lanes, echo, build } of series) {
        echo.push(...(await many(sends.echo, lanes, PER_ROUND)));
        build.push(...(await many(sends.build, lanes, PER_ROUND)));
      }
    });
  }
  return series;
}

/** Otherwise it is not the unchanged source that was measured. */
async function requireReuse(client: pg.Client): Promise<void> {
  const built = await numberOf(client, 'select count(*) from builds where not reused');
  if (built !== 1) throw new Error(`${built} builds ran, where one was to run and the others to reuse it.`);
}

function report(series: readonly Series[]): void {
  const percents = [50, 95, 99];
  const rows = series.flatMap(({ title, echo, build }) => {
    const of = (values: number[]) => percents.map((percent) => percentile(values, percent));
    const [bare, ours] = [of(echo), of(build)];
    const ms = (values: number[]) => values.map((value) => value.toFixed(2));
    const ratios = ours.map((value, index) => (value / bare[index]!).toFixed(1));
    return [
      [`${title}: bare round trip, ms`, ...ms(bare)],
      [`${title}: build.start to build.complete, ms`, ...ms(ours)],
      [`${title}: ratio`, ...ratios],
    ];
  });
  printLine(`n = ${series[0]!.build.length} each; stop_after is service, the default`);
  printTable(['', 'p50', 'p95', 'p99'], rows);
  const p95 = percentile(series[0]!.build, 95);
  printGoal(
    `p95 of an unchanged source, one at a time, < ${GOAL_MS} ms`,
    `${p95.toFixed(1)} ms`,
    p95 < GOAL_MS,
  );
}

await runBench(5, async (bench) => {
  const { context, record, addresses } = bench;
  await context.steps.run('Apps', () => startApps(context, record, addresses));
  await withChannel(addresses.amqp, (out) =>
    withChannel(addresses.amqp, async (subscriber) => {
      await declareQueue(out, ECHO);
      const channels = { out, subscriber, signal: context.signal };
      const echoes = await RoundTrips.open(channels, ECHO, (message) => ({
        to: String(message.properties.messageId),
      }));
      const builds = await openBuildTrips(out, subscriber, context.signal);
      const series = await measure(bench, {
        echo: echo(echoes),
        build: (lane) => unchangedBuild(builds, lane),
      });
      await withDatabase(addresses.database, async (client) => {
        await requireReuse(client);
        await printSurroundings(client, out);
      });
      report(series);
    }),
  );
});
