import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import type { Scratch } from '../../../bootstrap/scratch.ts';
import { waitFor } from '../../../bootstrap/wait.ts';
import { endsOf, outboxRest } from '../builds.ts';
import { cpuSeconds } from '../cpu.ts';
import { publishPaced } from '../paced.ts';
import { numberOf, publishInBatches } from '../servers.ts';
import { until } from '../until.ts';
import type { Builder, LoopDelays } from './builder.ts';
import { contextStart } from './sources.ts';
import type { Histograms } from './step-times.ts';

export interface Place {
  scratch: Scratch;
  client: pg.Client;
  channel: ConfirmChannel;
  builder: Builder;
}

/** What a series of contexts came to. */
export interface Outcome {
  sent: number;
  stored: number;
  /** From the moment when the first one could begin until the last one was stored and recorded. */
  wallMs: number;
  /** Milliseconds from each one's acceptance until it was stored and recorded. */
  wholeMs: number[];
  /** CPU time of the app. */
  cpuMs: number;
  delays: LoopDelays;
  before: Histograms;
  after: Histograms;
}

const LIMIT_MS = 300_000;
const SERIES = `event_id like $1 || '/%'`;

async function allStored({ scratch, client }: Place, series: string, count: number): Promise<void> {
  const query = `select count(*) from builds where ${SERIES} and completed_at is not null`;
  const over = async () => {
    if (!scratch.record.running('context-builder'))
      throw new Error('The context-builder has ended: see its log.');
    return (await numberOf(client, query, [series])) >= count || undefined;
  };
  // Looks often: what the event loop does between the end and the look that finds it is counted too.
  const limits = { limitMs: LIMIT_MS, intervalMs: 25, signal: scratch.context.signal };
  if (!(await waitFor(over, limits))) throw new Error(`Not all contexts of ${series} were stored in time.`);
}

async function timesOf(client: pg.Client, series: string): Promise<{ end: number; whole: number }[]> {
  const { rows } = await client.query<{ end: number; whole: number }>(
    `select (extract(epoch from completed_at) * 1000)::float8 as end,
        (extract(epoch from completed_at - created_at) * 1000)::float8 as whole
      from builds where ${SERIES} and completed_at is not null`,
    [series],
  );
  return rows;
}

/** Lets `start` bring a series to the app, and returns when all of it has ended. Throws where the app ends before. */
async function measured(
  place: Place,
  { series, count }: { series: string; count: number },
  start: () => Promise<number>,
): Promise<Outcome> {
  const { client, builder } = place;
  const before = await builder.histograms();
  const cpu = cpuSeconds(builder.pid);
  const startedAt = await start();
  await allStored(place, series, count);
  const cpuMs = (cpuSeconds(builder.pid) - cpu) * 1000;
  const delays = await builder.loopDelays();
  const times = await timesOf(client, series);
  return {
    sent: count,
    stored: (await endsOf(client, series)).succeeded,
    wallMs: Math.max(...times.map(({ end }) => end)) - startedAt,
    wholeMs: times.map(({ whole }) => whole),
    cpuMs,
    delays,
    before,
    after: await builder.histograms(),
  };
}

/** All of them are accepted and wait while the app is paused; the time begins when it goes on. */
export function allAtOnce(place: Place, series: string, keys: readonly string[]): Promise<Outcome> {
  const { client, channel, builder, scratch } = place;
  const { signal } = scratch.context;
  const count = keys.length;
  return measured(place, { series, count }, async () => {
    await builder.paused(async () => {
      const messages = keys.map((key, number) => contextStart(series, number, key));
      await publishInBatches(channel, messages, 100);
      const accepted = `select count(*) from builds where ${SERIES}`;
      const all = async () => (await numberOf(client, accepted, [series])) >= count;
      await until(`ingest has to accept ${count} events of ${series}`, signal, all);
      const rest = await outboxRest(client, signal);
      if (rest > 0) throw new Error(`The relay did not send ${rest} events: see the log of ingest.`);
    });
    const startedAt = Date.now();
    await builder.forgetDelays();
    return startedAt;
  });
}

/** So many a second, evenly. */
export function oneByOne(
  place: Place,
  series: string,
  keys: readonly string[],
  perSecond: number,
): Promise<Outcome> {
  const { channel, builder, scratch } = place;
  const pace = { count: keys.length, perSecond, signal: scratch.context.signal };
  return measured(place, { series, count: keys.length }, async () => {
    const startedAt = Date.now();
    await builder.forgetDelays();
    await publishPaced(channel, pace, (number) => contextStart(series, number, keys[number]!));
    return startedAt;
  });
}
