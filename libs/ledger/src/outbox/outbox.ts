import { createHash } from 'node:crypto';
import { structuredOf } from '@slipway/contracts';
import { sql } from 'kysely';
import type { Executor } from '../database/database';
import { OUTBOX_CHANNEL } from '../database/notifications';
import { rowSet } from '../database/row-set';
import type { OutgoingMessage } from './facts';

const SHARDS = 16;

function shardOf(partitionKey: string): number {
  return createHash('sha256').update(partitionKey).digest().readUInt32BE(0) % SHARDS;
}

/** Writes messages beside the change that they announce; a relay publishes them after the commit. */
export async function enqueue(tx: Executor, messages: readonly OutgoingMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const { rows } = rowSet<OutgoingMessage>(messages, {
    shard: ['int', ({ partitionKey }) => shardOf(partitionKey)],
    partition_key: ['text', ({ partitionKey }) => partitionKey],
    exchange: ['text', ({ exchange }) => exchange],
    routing_key: ['text', ({ routingKey }) => routingKey],
    mandatory: ['boolean', ({ mandatory }) => mandatory],
    // As a text, because the type json keeps it to the letter.
    event: ['text', ({ event }) => JSON.stringify(structuredOf(event))],
  });
  await sql`with written as (
      insert into outbox (shard, partition_key, exchange, routing_key, mandatory, event)
      select shard, partition_key, exchange, routing_key, mandatory, event::json from ${rows})
    select pg_notify(${OUTBOX_CHANNEL}, '')`.execute(tx);
}
