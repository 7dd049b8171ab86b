import type pg from 'pg';
import { factOf, FACT_TYPE, shardOf } from './facts.ts';
import { EVENT_EXCHANGE } from './servers.ts';

const PER_STATEMENT = 5_000;

const INSERT = `insert into outbox (shard, partition_key, exchange, routing_key, mandatory, event)
  select shard, key, $4, $5, false, event::json from unnest($1::int[], $2::text[], $3::text[]) as t (shard, key, event)`;

/**
 * Writes facts into the outbox as the ledger does, in one transaction that also wakes the relays. `beforeCommit` is
 * called when only the commit is missing.
 */
export async function fillOutbox(client: pg.Client, count: number, beforeCommit: () => void): Promise<void> {
  await client.query('begin');
  for (let from = 0; from < count; from += PER_STATEMENT) {
    const facts = Array.from({ length: Math.min(PER_STATEMENT, count - from) }, (_, n) => factOf(from + n));
    await client.query(INSERT, [
      facts.map(shardOf),
      facts.map(({ partitionKey }) => partitionKey),
      facts.map(({ attributes, data }) => JSON.stringify({ ...attributes, data })),
      EVENT_EXCHANGE,
      FACT_TYPE,
    ]);
  }
  await client.query(`select pg_notify('slipway_outbox', '')`);
  beforeCommit();
  await client.query('commit');
}
