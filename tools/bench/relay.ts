// How fast a relay brings waiting events from the outbox to RabbitMQ, and the CPU that each one costs its process,
// beside a bare process that publishes the same messages with amqplib. Usage: npm run bench relay [-- ROUNDS]
import { fileURLToPath } from 'node:url';
import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { runProgram } from '../bootstrap/run-program.ts';
import { waitFor } from '../bootstrap/wait.ts';
import { startApp } from './lib/apps.ts';
import { runBench, type Bench } from './lib/bench.ts';
import { cpuSeconds } from './lib/cpu.ts';
import { FACT_TYPE } from './lib/facts.ts';
import { fillOutbox } from './lib/outbox.ts';
import { printLine, printSurroundings, printTable, rangeOf } from './lib/report.ts';
import { declareQueue, numberOf, withChannel, withDatabase } from './lib/servers.ts';
import { median, medianRatio } from './lib/statistics.ts';

const ROWS = 20_000;
/** What the relay has under way at a time. */
const BATCH = 64;
const LIMIT_MS = 600_000;
const QUEUE = 'bench-facts';
const BARE = fileURLToPath(new URL('./lib/bare-publisher.ts', import.meta.url));

interface Place {
  bench: Bench;
  client: pg.Client;
  channel: ConfirmChannel;
  /** The process with the relay. */
  pid: number;
}

interface Measured {
  seconds: number;
  /** Seconds of CPU of the publishing process. */
  cpu: number;
}

/** Both sides have to have done the same: every message is in the queue, which is then emptied. */
async function takeAll({ bench, channel }: Place, count: number): Promise<void> {
  const { signal } = bench.context;
  const look = async () => (await channel.checkQueue(QUEUE)).messageCount;
  const all = await waitFor(async () => (await look()) >= count || undefined, { limitMs: 30_000, signal });
  const found = await look();
  if (!all || found > count) throw new Error(`${QUEUE} holds ${found} messages instead of ${count}.`);
  await channel.purgeQueue(QUEUE);
}

/** From the commit of the rows until the last one is marked as sent. */
async function relay(place: Place): Promise<Measured> {
  const { bench, client, pid } = place;
  await client.query('truncate outbox');
  const before = { ms: 0, cpu: 0 };
  await fillOutbox(client, ROWS, () => {
    before.cpu = cpuSeconds(pid);
    before.ms = Date.now();
  });
  const unsent = 'select count(*) from (select from outbox where sent_at is null limit 1) as row';
  const done = await waitFor(async () => (await numberOf(client, unsent)) === 0 || undefined, {
    limitMs: LIMIT_MS,
    signal: bench.context.signal,
  });
  if (!done) throw new Error('The relay did not send everything: see the log of api.');
  const cpu = cpuSeconds(pid) - before.cpu;
  const last = await numberOf(client, 'select extract(epoch from max(sent_at)) * 1000 from outbox');
  await takeAll(place, ROWS);
  return { seconds: (last - before.ms) / 1000, cpu };
}

async function bare(place: Place): Promise<Measured> {
  const { context, addresses } = place.bench;
  const args = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
  const { code, output } = await runProgram(process.execPath, [...args, BARE, ...[ROWS, BATCH].map(String)], {
    env: { ...context.env, AMQP_URL: addresses.amqp },
    signal: context.signal,
  });
  if (code !== 0) throw new Error(`The bare publisher ended with ${code}: ${output}`);
  await takeAll(place, 2 * ROWS);
  return JSON.parse(output) as Measured;
}

async function measure(place: Place): Promise<{ ours: Measured[]; baseline: Measured[] }> {
  const { context, rounds } = place.bench;
  const { steps } = context;
  const results = { ours: [] as Measured[], baseline: [] as Measured[] };
  const show = ({ seconds }: Measured) => `${(ROWS / seconds).toFixed(0)}/s`;
  await steps.run('Warm-up', () => relay(place));
  for (let round = 1; round <= rounds; round += 1) {
    const title = `Round ${round} of ${rounds}`;
    results.baseline.push(await steps.run(`${title}: bare publisher`, () => bare(place), show));
    results.ours.push(await steps.run(`${title}: relay`, () => relay(place), show));
  }
  return results;
}

function report({ ours, baseline }: { ours: Measured[]; baseline: Measured[] }): void {
  const rates = (list: Measured[]) => list.map(({ seconds }) => ROWS / seconds);
  const costs = (list: Measured[]) => list.map(({ cpu }) => (cpu / ROWS) * 1e6);
  const columns = (list: Measured[], of: (list: Measured[]) => number[]) => [
    median(of(list)).toFixed(0),
    rangeOf(of(list)),
    medianRatio(of(list), of(baseline)).toFixed(2),
  ];
  const row = (title: string, list: Measured[]) => [title, ...columns(list, rates), ...columns(list, costs)];
  printLine(
    `medians of ${ours.length} rounds, of the ratios in each round as well; ${ROWS} messages, ${BATCH} in flight, into one quorum queue`,
  );
  printTable(
    ['', 'messages/s', 'range', '×', 'CPU µs each', 'range', '×'],
    [row('bare process, amqplib', baseline), row('relay of the app api, from the outbox', ours)],
  );
}

await runBench(3, async (bench) => {
  const { context, addresses } = bench;
  const { pid } = await context.steps.run('The app api, alone', () => startApp(bench, 'api'));
  await withDatabase(addresses.database, (client) =>
    withChannel(addresses.amqp, async (channel) => {
      await declareQueue(channel, QUEUE, [FACT_TYPE]);
      const results = await measure({ bench, client, channel, pid });
      await printSurroundings(client, channel);
      report(results);
    }),
  );
});
