import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { QUEUES } from '../../bootstrap/queues.ts';
import { waitFor } from '../../bootstrap/wait.ts';
import { numberOf } from './servers.ts';

const STALL_MS = 300_000;
const DRAIN_MS = 600_000;

export interface Ends {
  succeeded: number;
  failed: number;
  cancelled: number;
}

/** A series is all builds whose event ids begin with its name and a slash. */
const SERIES = `event_id like $1 || '/%'`;

/**
 * Waits until as many builds of the series have ended, or none has for five minutes: those that are missing then are
 * lost, as `endsOf` shows.
 */
export async function allEnded(
  client: pg.Client,
  series: string,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const query = `select count(*) from builds where ${SERIES} and completed_at is not null`;
  let [ended, since] = [0, Date.now()];
  const done = async () => {
    const now = await numberOf(client, query, [series]);
    if (now > ended) [ended, since] = [now, Date.now()];
    return now >= count || Date.now() - since > STALL_MS || undefined;
  };
  await waitFor(done, { limitMs: Infinity, intervalMs: 500, signal });
}

/** Waits until the relays have nothing left to send, at most ten minutes, and returns the rows that are left. */
export async function outboxRest(client: pg.Client, signal: AbortSignal): Promise<number> {
  const rest = () => numberOf(client, 'select count(*) from outbox where sent_at is null');
  const drained = async () => (await rest()) === 0 || undefined;
  return (await waitFor(drained, { limitMs: DRAIN_MS, intervalMs: 500, signal })) ? 0 : rest();
}

/** How the builds of a series ended; those that have not ended are in none of the numbers. */
export async function endsOf(client: pg.Client, series: string): Promise<Ends> {
  const { rows } = await client.query<{ status: keyof Ends; n: string }>(
    `select status, count(*) as n from builds where ${SERIES} and completed_at is not null group by status`,
    [series],
  );
  const ends = { succeeded: 0, failed: 0, cancelled: 0 };
  for (const { status, n } of rows) ends[status] = Number(n);
  return ends;
}

async function messagesIn(channel: ConfirmChannel, queues: readonly string[]): Promise<number> {
  const counts = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
  return counts.reduce((sum, { messageCount }) => sum + messageCount, 0);
}

/** Messages that wait in all queues together. */
export function waiting(channel: ConfirmChannel): Promise<number> {
  return messagesIn(channel, QUEUES);
}

/** Messages in the dead letters of all queues. */
export function deadLetters(channel: ConfirmChannel): Promise<number> {
  return messagesIn(
    channel,
    QUEUES.map((queue) => `${queue}-dlq`),
  );
}
