import { createHash } from 'node:crypto';
import { structuredOf } from '@slipway/contracts';
import { sql } from 'kysely';
import { eventJson, type Executor } from '../database/database';
import { OUTBOX_CHANNEL } from '../database/notifications';
import type { OutgoingMessage } from './facts';

const SHARDS = 16;

function shardOf(partitionKey: string): number {
  return createHash('sha256').update(partitionKey).digest().readUInt32BE(0) % SHARDS;
}

/** Writes messages beside the change that they announce; a relay publishes them after the commit. */
export async function enqueue(tx: Executor, messages: readonly OutgoingMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const values = messages.map(
    (message) => sql`(${shardOf(message.partitionKey)}, ${message.partitionKey}, ${message.exchange},
      ${message.routingKey}, ${message.mandatory}, ${eventJson(structuredOf(message.event))})`,
  );
  await sql`insert into outbox (shard, partition_key, exchange, routing_key, mandatory, event)
    values ${sql.join(values)}`.execute(tx);
  await sql`select pg_notify(${OUTBOX_CHANNEL}, '')`.execute(tx);
}
