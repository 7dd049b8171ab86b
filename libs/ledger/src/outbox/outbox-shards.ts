import { eventFromStructured, type CloudEvent } from '@slipway/contracts';
import { sql, type RawBuilder } from 'kysely';
import { oneRow, rows, type Database } from '../database/database';
import { keySet } from '../database/row-set';

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

/** So many shards go out together: the fewer statements a message costs, the more go out while many are written. */
const SHARDS_AT_ONCE = 4;
// Twice what one batch can take (the publish limit of 5 s): a relay that died holds its shards' messages back this long.
const LEASE = sql`clock_timestamp() + interval '10 seconds'`;

/** As a set `r` of rows. */
function listed(leases: readonly ShardLease[]): RawBuilder<unknown> {
  return keySet(leases, { shard: ['int', ({ shard }) => shard], token: ['bigint', ({ token }) => token] });
}

/** The outbox as relays see it: leased by shard, so that several of them never send one row twice on purpose. */
export class OutboxShards {
  constructor(private readonly database: Database) {}

  /** Takes shards that have something to send and that no other relay holds; first those that were served longest ago. */
  async claim(): Promise<ShardLease[]> {
    return rows<ShardLease>(
      this.database.kysely,
      sql`update outbox_shards set lease_token = lease_token + 1, lease_until = ${LEASE}
        where shard in (
          select s.shard from outbox_shards s
          where (s.lease_until is null or s.lease_until < clock_timestamp())
            and exists (select 1 from outbox o where o.shard = s.shard and o.sent_at is null and o.due_at <= clock_timestamp())
          order by s.lease_until nulls first limit ${SHARDS_AT_ONCE} for update skip locked)
        returning shard, lease_token as token`,
    );
  }

  /** The next rows of the shards, in the order in which they were written. A row in backoff lets later ones pass. */
  async next(leases: readonly ShardLease[], limit: number): Promise<OutboxRow[]> {
    const found = await rows<RawRow>(
      this.database.kysely,
      sql`select o.id, o.exchange, o.routing_key, o.partition_key, o.mandatory, o.event, o.tries
        from outbox_shards s join ${listed(leases)} on s.shard = r.shard and s.lease_token = r.token
          cross join lateral (select * from outbox
            where shard = s.shard and sent_at is null and due_at <= clock_timestamp() order by id limit ${limit}) o
        order by o.id`,
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

  /** Marks what the broker has confirmed, and lets go of the shards where they are still held. */
  async done(leases: readonly ShardLease[], sent: readonly number[]): Promise<void> {
    // Marking is right even without the lease: the broker has these rows, whoever sent them.
    await sql`with marked as (
        update outbox set sent_at = clock_timestamp() where id = any(${sql.val(sent)}::bigint[]))
      update outbox_shards s set lease_until = clock_timestamp()
        from ${listed(leases)} where s.shard = r.shard and s.lease_token = r.token`.execute(
      this.database.kysely,
    );
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
