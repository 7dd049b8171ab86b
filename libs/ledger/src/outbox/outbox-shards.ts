import { eventFromStructured, type CloudEvent } from '@slipway/contracts';
import { sql } from 'kysely';
import { changed, oneRow, rows, type Database } from '../database/database';

export interface OutboxRow {
  id: number;
  exchange: string;
  routingKey: string;
  partitionKey: string;
  mandatory: boolean;
  event: CloudEvent;
  tries: number;
}

export interface ShardLease {
  shard: number;
  token: number;
}

interface RawRow {
  id: number;
  exchange: string;
  routing_key: string;
  partition_key: string;
  mandatory: boolean;
  event: unknown;
  tries: number;
}

// Twice what one batch can take (the publish limit of 5 s): a relay that died holds its shard's messages back this long.
const LEASE = sql`clock_timestamp() + interval '10 seconds'`;

/** The outbox as relays see it: leased by shard, so that several of them never send one row twice on purpose. */
export class OutboxShards {
  constructor(private readonly database: Database) {}

  /** Takes a shard that has something to send and that no other relay holds. */
  async claim(): Promise<ShardLease | undefined> {
    const row = await oneRow<{ shard: number; lease_token: number }>(
      this.database.kysely,
      sql`update outbox_shards set lease_token = lease_token + 1, lease_until = ${LEASE}
        where shard = (
          select s.shard from outbox_shards s
          where (s.lease_until is null or s.lease_until < clock_timestamp())
            and exists (select 1 from outbox o where o.shard = s.shard and o.sent_at is null and o.due_at <= clock_timestamp())
          order by s.lease_until nulls first limit 1 for update skip locked)
        returning shard, lease_token`,
    );
    return row && { shard: row.shard, token: row.lease_token };
  }

  /** The next rows of the shard, in the order in which they were written. A row in backoff lets later ones pass. */
  async next(lease: ShardLease, limit: number): Promise<OutboxRow[]> {
    const found = await rows<RawRow>(
      this.database.kysely,
      sql`select o.id, o.exchange, o.routing_key, o.partition_key, o.mandatory, o.event, o.tries from outbox o
        where o.shard = ${lease.shard} and o.sent_at is null and o.due_at <= clock_timestamp()
          and exists (select 1 from outbox_shards s where s.shard = ${lease.shard} and s.lease_token = ${lease.token})
        order by o.id limit ${limit}`,
    );
    const readable = await Promise.all(found.map((row) => this.readable(row)));
    return readable.filter((row) => row !== undefined);
  }

  /** A row that cannot be read must not keep those after it. */
  private async readable(row: RawRow): Promise<OutboxRow | undefined> {
    try {
      return {
        id: row.id,
        exchange: row.exchange,
        routingKey: row.routing_key,
        partitionKey: row.partition_key,
        mandatory: row.mandatory,
        event: eventFromStructured(row.event),
        tries: row.tries,
      };
    } catch (error) {
      await this.failed(row.id, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Marks what the broker has confirmed and renews the lease. False where the lease was lost in the meantime. */
  async sent(lease: ShardLease, ids: readonly number[]): Promise<boolean> {
    const renewed = await changed(
      this.database.kysely,
      sql`update outbox_shards set lease_until = ${LEASE} where shard = ${lease.shard} and lease_token = ${lease.token}`,
    );
    // Marking is right even without the lease: the broker has these rows, whoever sent them.
    if (ids.length > 0) {
      await sql`update outbox set sent_at = clock_timestamp() where id = any(${sql.val(ids)}::bigint[])`.execute(
        this.database.kysely,
      );
    }
    return renewed === 1;
  }

  /**
   * Puts a row back after a publish that failed: 1 s doubling to a minute, or to 15 s where not the row is to blame but the
   * way to the broker, which may be good again at any moment.
   */
  async failed(id: number, message: string, blame: 'row' | 'way' = 'row'): Promise<void> {
    const longest = blame === 'row' ? 60 : 15;
    await sql`update outbox set tries = tries + 1, last_error = ${message.slice(0, 500)},
      due_at = clock_timestamp() + least(${longest}::int, power(2, least(tries, 6))) * interval '1 second'
      where id = ${id} and sent_at is null`.execute(this.database.kysely);
  }

  async release(lease: ShardLease): Promise<void> {
    await sql`update outbox_shards set lease_until = null where shard = ${lease.shard} and lease_token = ${lease.token}`.execute(
      this.database.kysely,
    );
  }

  /** Unsent rows and the age of the oldest in seconds, for the metrics. */
  async backlog(): Promise<{ depth: number; lagSeconds: number }> {
    const row = await oneRow<{ depth: number; lag: number | null }>(
      this.database.kysely,
      sql`select count(*) as depth, extract(epoch from clock_timestamp() - min(created_at))::float8 as lag
        from outbox where sent_at is null`,
    );
    return { depth: row?.depth ?? 0, lagSeconds: row?.lag ?? 0 };
  }
}
