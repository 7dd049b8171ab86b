// How fast ingest takes start events from RabbitMQ into the ledger (message, commit, ack), beside a bare `pg` loop that
// commits the same rows one event at a time on the same server. Usage: npm run bench accept [-- ROUNDS]
import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { reportAcceptance, type Latencies, type Rates } from './lib/accept-report.ts';
import { startApp, stopApp } from './lib/apps.ts';
import { bareAcceptRate } from './lib/bare-accept.ts';
import { runBench, type Bench } from './lib/bench.ts';
import { outboxRest } from './lib/builds.ts';
import { publishPaced } from './lib/paced.ts';
import { printLine, printSurroundings } from './lib/report.ts';
import {
  declareQueue,
  numberOf,
  publishInBatches,
  withChannel,
  withDatabase,
  type Message,
} from './lib/servers.ts';
import { buildStart, TYPE_PREFIX, type FunctionIds } from './lib/start-events.ts';
import { median } from './lib/statistics.ts';
import { until } from './lib/until.ts';

const EVENTS = 5_000;
const TENANTS = 10;
const FUNCTIONS_PER_TENANT = 200;
/** The default of DATABASE_POOL, which the apps get: the connections that ingest may use at the same time. */
const POOL = 10;
const BARE_EVENTS = 2_000;
/** Of the measured rate, at which latencies are measured. */
const PARTS = [0.1, 0.25, 0.5];
const PACED_SECONDS = 10;
const BASELINE = 'baseline';
const ANNOUNCED = 'bench-accepted';

interface Place {
  bench: Bench;
  client: pg.Client;
  channel: ConfirmChannel;
  /** The process of ingest. */
  pid: number;
}

/** Neighbours in the queue are of different tenants, and a function comes again only after all the others. */
function functionOf(number: number): FunctionIds {
  return {
    tenant: `tenant-${number % TENANTS}`,
    parser: `function-${Math.floor(number / TENANTS) % FUNCTIONS_PER_TENANT}`,
  };
}

function eventOf(series: string, number: number): Message {
  return buildStart(`${series}/${number}`, functionOf(number));
}

/** Waits until as many builds of the series are recorded and the relay has nothing left to send. */
async function settled({ bench, client }: Place, series: string, count: number): Promise<void> {
  const { signal } = bench.context;
  const query = `select count(*) from builds where event_id like $1`;
  const recorded = async () => (await numberOf(client, query, [`${series}/%`])) >= count;
  await until(`ingest has to accept ${count} events of ${series}`, signal, recorded);
  const rest = await outboxRest(client, signal);
  if (rest > 0) throw new Error(`The relay did not send ${rest} events: see the log of ingest.`);
}

/**
 * Fills the queue while ingest is paused, and returns the events per second from the first record to the last one.
 * Their times come from the database, since an ack, which follows the commit at once, cannot be seen from outside.
 */
async function drainRate(place: Place, series: string): Promise<number> {
  const { channel, client, pid } = place;
  const events = Array.from({ length: EVENTS }, (_, number) => eventOf(series, number));
  process.kill(pid, 'SIGSTOP');
  try {
    await publishInBatches(channel, events, 500);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await settled(place, series, EVENTS);
  const seconds = `select extract(epoch from max(created_at) - min(created_at)) from builds where event_id like $1`;
  return (EVENTS - 1) / (await numberOf(client, seconds, [`${series}/%`]));
}

async function measureRates(place: Place): Promise<Rates> {
  const { context, addresses, rounds } = place.bench;
  const { steps, signal } = context;
  const baseline = new URL(addresses.database);
  baseline.pathname = `/${BASELINE}`;
  const bare = (connections: number) =>
    bareAcceptRate(baseline.href, { events: BARE_EVENTS, connections, functionOf, signal });
  const rates: Rates = { single: [], pooled: [], ingest: [] };
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const show = (rate: number) => `${rate.toFixed(0)}/s`;
    const title = round === 0 ? 'Warm-up' : `Round ${round} of ${rounds}`;
    const single = await steps.run(`${title}: bare loop, 1 connection`, () => bare(1), show);
    const pooled = await steps.run(`${title}: bare loop, ${POOL} connections`, () => bare(POOL), show);
    const ingest = await steps.run(`${title}: ingest`, () => drainRate(place, `drain-${round}`), show);
    if (round === 0) continue;
    rates.single.push(single);
    rates.pooled.push(pooled);
    rates.ingest.push(ingest);
  }
  return rates;
}

async function measureLatencies(place: Place, perSecond: number): Promise<Latencies> {
  const { bench, channel, client } = place;
  const { signal } = bench.context;
  const count = Math.ceil(perSecond * PACED_SECONDS);
  const series = `paced-${count}`;
  await declareQueue(channel, ANNOUNCED, [`${TYPE_PREFIX}build.accepted`]);
  const arrivals = new Map<string, number>();
  const { consumerTag } = await channel.consume(ANNOUNCED, (message) => {
    if (!message) return;
    arrivals.set(String(message.properties.headers?.['ce-causationid']), Date.now());
    channel.ack(message);
  });
  const sent = await publishPaced(channel, { count, perSecond, signal }, (n) => eventOf(series, n));
  await settled(place, series, count);
  await until(`ingest has to announce ${count} events`, signal, () => arrivals.size >= count);
  await channel.cancel(consumerTag);
  const { rows } = await client.query<{ id: string; at: number }>(
    `select event_id as id, (extract(epoch from created_at) * 1000)::float8 as at from builds where event_id like $1`,
    [`${series}/%`],
  );
  const recordedAt = new Map(rows.map(({ id, at }) => [id, at]));
  const since = (times: Map<string, number>) => sent.map((at, n) => times.get(`${series}/${n}`)! - at);
  return { perSecond, recorded: since(recordedAt), announced: since(arrivals) };
}

/** Ingest makes the schema; the baseline gets a copy of it, where no relay sends what it writes. */
async function prepare(bench: Bench): Promise<number> {
  await startApp(bench, 'ingest');
  await stopApp(bench, 'ingest');
  const admin = new URL(bench.addresses.database);
  admin.pathname = '/postgres';
  await withDatabase(admin.href, (client) => client.query(`create database ${BASELINE} template slipway`));
  return (await startApp(bench, 'ingest')).pid;
}

await runBench(3, async (bench) => {
  const { context, addresses } = bench;
  const pid = await context.steps.run('The app ingest, alone', () => prepare(bench));
  await withDatabase(addresses.database, (client) =>
    withChannel(addresses.amqp, async (channel) => {
      const place = { bench, client, channel, pid };
      const rates = await measureRates(place);
      const latencies: Latencies[] = [];
      for (const part of PARTS) {
        const perSecond = median(rates.ingest) * part;
        const title = `${Math.round(part * 100)} % of that rate`;
        latencies.push(await context.steps.run(title, () => measureLatencies(place, perSecond)));
      }
      await printSurroundings(client, channel);
      printLine(
        `${EVENTS} events for ${TENANTS * FUNCTIONS_PER_TENANT} functions; the bare loop has 1 and ${POOL} connections`,
      );
      reportAcceptance(rates, latencies);
    }),
  );
});
