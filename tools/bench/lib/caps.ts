import { setTimeout as delay } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { startApps } from '../../bootstrap/apps.ts';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { startApp, stopApp, withSettings } from './apps.ts';
import { allEnded, endsOf, type Ends } from './builds.ts';
import { postUntilRefused, postUntilTaken, type Filled, type HttpAnswer } from './http-door.ts';
import { numberOf, publish, publishInBatches, type Message } from './servers.ts';
import { buildCancel, buildStart, inlineSource } from './start-events.ts';
import { until } from './until.ts';

export const CAP = 50;
export const CAP_PER_TENANT = 20;
/** Start events over RabbitMQ that come when the cap is reached. */
export const LATE = 30;

/** What was seen at the caps. */
export interface Caps {
  /** Builds of one tenant when HTTP refused the next one of it. */
  own: { pending: number; refusal: HttpAnswer };
  /** All waiting builds when HTTP refused one of a tenant that had room. */
  total: { pending: number; refusal: HttpAnswer };
  /** Late start events that were still in their queue after a while. */
  waiting: number;
  /** Waiting builds after one was cancelled over RabbitMQ and a late one could take its place. */
  pendingAfterCancel: number;
  sent: number;
  ends: Ends;
}

interface Place {
  scratch: Scratch;
  client: pg.Client;
  channel: ConfirmChannel;
}

const SERIES = 'caps';
const START_QUEUE = 'lambda-build-events';
/** Long enough for ingest to look for room several times. */
const STAY_MS = 3_000;
const SETTINGS = { MAX_PENDING: String(CAP), MAX_PENDING_PER_TENANT: String(CAP_PER_TENANT) };
const SOURCE = inlineSource('module.exports = async () => ({ said: "capped" });\n');

function startOf(tenant: string, number: number): Message {
  const ids = { tenant, parser: `f-${number}` };
  return buildStart(`${SERIES}/${tenant}/${number}`, ids, { source: SOURCE, stop_after: 'artifact' });
}

function pending({ client }: Place): Promise<number> {
  return numberOf(client, `select count(*) from builds where status = 'pending'`);
}

/** Ingest alone, with low caps: what it takes waits. */
async function stopTheOthers({ scratch }: Place): Promise<void> {
  for (const app of ['ingest', 'context-builder', 'job-launcher'] as const) await stopApp(scratch, app);
  await startApp(withSettings(scratch, SETTINGS), 'ingest');
}

function fill({ scratch }: Place, tenant: string): Promise<Filled> {
  const { addresses, context } = scratch;
  return postUntilRefused(addresses.events, CAP + 1, (number) => startOf(tenant, number), context.signal);
}

/** Brings the late events, and returns how many of them stay in the queue. */
async function comeLate({ scratch, channel }: Place): Promise<number> {
  const late = Array.from({ length: LATE }, (_, number) => startOf('late', number));
  await publishInBatches(channel, late, LATE);
  await delay(STAY_MS, undefined, { signal: scratch.context.signal });
  return (await channel.checkQueue(START_QUEUE)).messageCount;
}

/** Cancels a build over RabbitMQ and waits until that is done and a late one has come in for it. */
async function cancelOne({ scratch, client, channel }: Place, tenant: string): Promise<void> {
  const { signal } = scratch.context;
  const { rows } = await client.query<{ build_id: string; parser: string }>(
    `select build_id, parser from builds where tenant = $1 and status = 'pending' limit 1`,
    [tenant],
  );
  const { build_id: id, parser } = rows[0]!;
  await publish(channel, buildCancel(`${SERIES}/cancel`, { tenant, parser }, id));
  const isCancelled = `select count(*) from builds where build_id = $1 and status = 'cancelled'`;
  await until(
    `${id} has to be cancelled`,
    signal,
    async () => (await numberOf(client, isCancelled, [id])) > 0,
  );
  const lateOnes = `select count(*) from builds where tenant = 'late'`;
  await until('a late event has to come in', signal, async () => (await numberOf(client, lateOnes)) > 0);
  await delay(STAY_MS, undefined, { signal });
}

/** Stops the apps that would take builds off the queue, fills it to its caps, and lets everything go on. */
export async function measureCaps(place: Place): Promise<Caps> {
  const { scratch, client } = place;
  const { context, record, addresses } = scratch;
  const { steps, signal } = context;
  await steps.run('Ingest alone, with low caps', () => stopTheOthers(place));
  const own = await steps.run('One tenant fills its part', () => fill(place, 'first'));
  const others = await steps.run('Others fill the rest', async () => [
    await fill(place, 'second'),
    await fill(place, 'third'),
  ]);
  const total = { pending: await pending(place), refusal: others.at(-1)!.refusal };
  const waiting = await steps.run('Late events over RabbitMQ', () => comeLate(place));
  await steps.run('A cancel over RabbitMQ', () => cancelOne(place, 'second'));
  const pendingAfterCancel = await pending(place);
  const filled = [own, ...others];
  const sent = filled.reduce((sum, { taken }) => sum + taken + 1, LATE);
  await steps.run('The other apps', () => startApps(context, record, addresses));
  await steps.run('Everything ends', async () => {
    for (const { refused } of filled) await postUntilTaken(addresses.events, refused, signal);
    await allEnded(client, SERIES, sent, signal);
  });
  const ends = await endsOf(client, SERIES);
  const { taken, refusal } = own;
  return { own: { pending: taken, refusal }, total, waiting, pendingAfterCancel, sent, ends };
}
