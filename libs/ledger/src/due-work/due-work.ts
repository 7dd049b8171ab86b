import type { Cause } from '@slipway/domain';
import { sql, type RawBuilder } from 'kysely';
import { changed, json, oneRow, rows, type Database, type Executor, type Tx } from '../database/database';
import { DUE_CHANNEL } from '../database/notifications';
import { rowSet } from '../database/row-set';
import { isUnlimited, mayBegin, takeToken, type RateLimits } from '../rates/rates';

export type DueKind =
  | 'prepare'
  | 'launch'
  | 'follow'
  | 'verify'
  | 'settle'
  | 'stop'
  | 'deploy'
  | 'invoke'
  | 'sweep'
  | 'sweep-contexts';

/** A piece of work under a lease. The token tells its holder apart from anyone who had it before. */
export interface LeasedWork {
  kind: DueKind;
  key: string;
  payload: Record<string, unknown>;
  tries: number;
  wakes: number;
  token: number;
}

/** The lease went to somebody else; whatever the holder wanted to write must not be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface WantedWork {
  key: string;
  tenant?: string;
  payload?: Record<string, unknown>;
}

interface RawWork {
  kind: DueKind;
  key: string;
  tenant: string | null;
  payload: Record<string, unknown> | null;
  tries: number;
  wakes: number;
  lease_token: number;
}

/** Asks for work of one kind in the transaction that makes it necessary. Asking for what waits already only wakes it. */
export async function schedule(tx: Executor, kind: DueKind, wanted: readonly WantedWork[]): Promise<void> {
  const { names, rows: values } = rowSet<WantedWork>(wanted, {
    kind: ['text', () => kind],
    key: ['text', ({ key }) => key],
    tenant: ['text', ({ tenant }) => tenant],
    payload: ['jsonb', ({ payload }) => payload],
  });
  await sql`with written as (insert into due_work as d (${names}) select * from ${values}
    on conflict (kind, key) do update set due_at = least(d.due_at, excluded.due_at), wakes = d.wakes + 1,
      payload = coalesce(excluded.payload, d.payload))
    select pg_notify(${DUE_CHANNEL}, ${kind})`.execute(tx);
}

/** Work of a kind that may be claimed now; `w` is its row. */
function isFree(kind: DueKind, allowed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`w.kind = ${kind} and w.due_at <= clock_timestamp()
    and (w.lease_until is null or w.lease_until < clock_timestamp()) and ${allowed}`;
}

/** Tenants take turns: rank = what the tenant has under way + the number of the row within the tenant. */
const PREPARE_ORDER = sql`(
  select d.key
  from due_work d join builds b on b.build_id = d.key
    left join (select tenant, count(*) as n from due_work
      where kind = 'prepare' and lease_until > clock_timestamp() group by tenant) busy on busy.tenant = d.tenant
  where d.kind = 'prepare' and d.due_at <= clock_timestamp() and (d.lease_until is null or d.lease_until < clock_timestamp())
  order by row_number() over (partition by d.tenant order by b.priority, b.created_at) + coalesce(busy.n, 0), d.created_at
)`;

/** The next ones of a kind, locked. */
function nextOf(kind: DueKind, limit: number, allowed: RawBuilder<unknown>): RawBuilder<unknown> {
  if (kind !== 'prepare') {
    return sql`select w.kind, w.key from due_work w where ${isFree(kind, allowed)}
      order by w.due_at limit ${limit} for update of w skip locked`;
  }
  // One look-up for each until there are enough. As a join it is one that PostgreSQL may make of all rows with all
  // others, since by its statistics the table is nearly empty.
  return sql`select locked.kind, locked.key from ${PREPARE_ORDER} ranked
    cross join lateral (select w.kind, w.key from due_work w
      where w.key = ranked.key and ${isFree(kind, allowed)} for update of w skip locked) locked
    limit ${limit}`;
}

/** Work that is due, claimed under leases by whichever process comes first. */
export class DueWork {
  constructor(
    private readonly database: Database,
    private readonly leaseSeconds = 30,
  ) {}

  /** Makes sure that the work exists; what waits or runs already is left as it is. For reconciling. */
  async ensure(kind: DueKind, key: string, tenant: string | null): Promise<boolean> {
    const count = await changed(
      this.database.kysely,
      sql`insert into due_work (kind, key, tenant) values (${kind}, ${key}, ${tenant}) on conflict do nothing`,
    );
    if (count === 1) await sql`select pg_notify(${DUE_CHANNEL}, ${kind})`.execute(this.database.kysely);
    return count === 1;
  }

  /**
   * A lease that ran out counts as a try: whoever had it may have died of the work. With `rates` what may not begin yet
   * stays for a later look.
   */
  async claim(kind: DueKind, limit: number, rates: RateLimits = {}): Promise<LeasedWork[]> {
    if (isUnlimited(rates)) return this.take(this.database.kysely, kind, limit, sql`true`);
    return this.database.transaction(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('slipway-rates'), hashtext(${kind}))`.execute(tx);
      const claimed: LeasedWork[] = [];
      while (claimed.length < limit) {
        const [work] = await this.take(tx, kind, 1, mayBegin(kind, rates, sql`w.tenant`));
        if (!work) break;
        if (work.tenant !== null) await takeToken(tx, kind, rates, work.tenant);
        claimed.push(work);
      }
      return claimed;
    });
  }

  private async take(
    db: Executor,
    kind: DueKind,
    limit: number,
    allowed: RawBuilder<unknown>,
  ): Promise<(LeasedWork & { tenant: string | null })[]> {
    const found = await rows<RawWork>(
      db,
      sql`update due_work set lease_token = lease_token + 1, tries = tries + (lease_until is not null)::int,
          lease_until = clock_timestamp() + ${this.leaseSeconds} * interval '1 second'
        where (kind, key) in (${nextOf(kind, limit, allowed)})
        returning kind, key, tenant, payload, tries, wakes, lease_token`,
    );
    return found.map(({ lease_token: token, payload, ...work }) => ({
      ...work,
      payload: payload ?? {},
      token,
    }));
  }

  /** Holds the lease for another period. False where it was lost. */
  async renew(work: LeasedWork): Promise<boolean> {
    const count = await changed(
      this.database.kysely,
      sql`update due_work set lease_until = clock_timestamp() + ${this.leaseSeconds} * interval '1 second'
        where kind = ${work.kind} and key = ${work.key} and lease_token = ${work.token}`,
    );
    return count === 1;
  }

  /**
   * Ends the work together with the change that it led to. Where the lease was lost nothing is written (LeaseLost);
   * where somebody asked again in the meantime the work stays and is due at once.
   */
  async close<T>(
    work: LeasedWork,
    change: (tx: Tx) => Promise<T>,
    /** Locks what others lock before the work. */
    lockFirst?: (tx: Tx) => Promise<unknown>,
  ): Promise<T> {
    return this.database.transaction(async (tx) => {
      await lockFirst?.(tx);
      const held = await oneRow<{ wakes: number }>(
        tx,
        sql`select wakes from due_work where kind = ${work.kind} and key = ${work.key}
          and lease_token = ${work.token} for update`,
      );
      if (!held) throw new LeaseLost(`${work.kind} ${work.key}`);
      const result = await change(tx);
      await sql`delete from due_work where kind = ${work.kind} and key = ${work.key} and wakes = ${work.wakes}`.execute(
        tx,
      );
      await sql`update due_work set lease_until = null, due_at = clock_timestamp(), tries = 0
        where kind = ${work.kind} and key = ${work.key} and lease_token = ${work.token}`.execute(tx);
      return result;
    });
  }

  /** Lets go of the work until later; not a failed try. */
  async again(work: LeasedWork, delayMs: number): Promise<void> {
    await sql`update due_work set lease_until = null, tries = 0,
        due_at = clock_timestamp() + (case when wakes = ${work.wakes} then ${delayMs} else 0 end) * interval '1 millisecond'
      where kind = ${work.kind} and key = ${work.key} and lease_token = ${work.token}`.execute(
      this.database.kysely,
    );
  }

  /** Records a failed try: due again after 1 s doubling to 60 s, a fifth of it by chance. */
  async failed(work: LeasedWork, cause: Cause): Promise<void> {
    // A wish that came meanwhile is a new one: it is tried at once and from the beginning.
    const same = sql`wakes = ${work.wakes}`;
    await sql`update due_work set lease_until = null, last_cause = ${json(cause)},
        tries = case when ${same} then tries + 1 else 0 end,
        due_at = clock_timestamp() + case when ${same}
          then least(60, power(2, least(tries, 6))) * (0.8 + 0.2 * random()) else 0 end * interval '1 second'
      where kind = ${work.kind} and key = ${work.key} and lease_token = ${work.token}`.execute(
      this.database.kysely,
    );
  }

  /** Age in seconds of the oldest work that is due, by kind, for the metrics. */
  async ages(): Promise<{ kind: string; seconds: number; count: number }[]> {
    return rows(
      this.database.kysely,
      sql`select kind, count(*) as count, extract(epoch from clock_timestamp() - min(due_at))::float8 as seconds
        from due_work where due_at <= clock_timestamp() group by kind`,
    );
  }
}
