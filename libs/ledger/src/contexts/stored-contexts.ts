import {
  SlipwayError,
  type ContextReference,
  type ContextStoreKind,
  type StoredContext,
} from '@slipway/domain';
import { sql, type RawBuilder } from 'kysely';
import type { BuildRow } from '../builds/build-row';
import { changed, json, oneRow, rows, type Database, type Tx } from '../database/database';
import { rowSet } from '../database/row-set';

/** Days that a context is kept after its last use. */
export interface ContextTtl {
  days: number;
  /** By tenant, where another time is kept. */
  byTenant: Readonly<Record<string, number>>;
}

export interface ExpiredContext {
  key: string;
  /** Bytes; null where its writer was killed before it knew. */
  size: number | null;
}

/** Where contexts lie: the sweep's and the context-builder's common truth, by the database's clock. */
export class StoredContexts {
  constructor(
    private readonly database: Database,
    /** The time now as PostgreSQL computes it. */
    private readonly now: RawBuilder<unknown> = sql`clock_timestamp()`,
  ) {}

  /**
   * Takes the build's reference on a context before it is written, so that no sweep takes it away, and returns what was
   * stored there before. Fails with `unavailable` while a sweep is removing it; what a killed sweep had begun to remove is
   * taken over, to be written again.
   */
  async refer(
    build: Pick<BuildRow, 'build_id' | 'tenant'>,
    identity: string,
    place: Pick<ContextReference, 'store' | 'key'>,
  ): Promise<ContextReference | undefined> {
    const row = await this.database.transaction(async (tx) => {
      const referred = await oneRow<{ size: number; sha256: string | null }>(
        tx,
        sql`insert into stored_contexts as c (store, key, identity, tenant, used_at)
          values (${place.store}, ${place.key}, ${identity}, ${build.tenant}, ${this.now})
          on conflict (store, key) do update set used_at = excluded.used_at,
            identity = excluded.identity, tenant = excluded.tenant,
            state = case when c.state = 'deleting' then 'writing' else c.state end
          where c.state <> 'deleting' or not ${SWEEPING}
          returning size, case when state = 'ready' then sha256 end as sha256`,
      );
      if (referred) {
        await sql`update builds set identity = ${identity} where build_id = ${build.build_id} and status = 'pending'`.execute(
          tx,
        );
      }
      return referred;
    });
    if (row) return row.sha256 === null ? undefined : { ...place, size: row.size, sha256: row.sha256 };
    throw new SlipwayError(
      'unavailable',
      'The stored context is just being swept; it will be written again.',
    );
  }

  /** Counts as a use of a context that is stored. False where it is there no longer. */
  async renew({ store, key }: Pick<ContextReference, 'store' | 'key'>): Promise<boolean> {
    const count = await changed(
      this.database.kysely,
      sql`update stored_contexts set used_at = ${this.now} where store = ${store} and key = ${key} and state = 'ready'`,
    );
    return count === 1;
  }

  /** What has expired, and what a killed sweep had begun to remove; at most `limit` in the order of the keys after `after`. */
  async expired(
    store: ContextStoreKind,
    ttl: ContextTtl,
    limit: number,
    after = '',
  ): Promise<ExpiredContext[]> {
    return rows(
      this.database.kysely,
      sql`select c.key, c.size from stored_contexts c
        where c.store = ${store} and c.key collate "C" > ${after} and ${this.hasExpired(ttl)}
        order by c.key collate "C" limit ${limit}`,
    );
  }

  /**
   * Marks a context, if nothing has used it meanwhile. From then on no build can refer to it, so that its bytes may be
   * removed; `forget` or `keep` then ends it. One at a time: what is marked is out of everybody's reach.
   */
  async mark(store: ContextStoreKind, key: string, ttl: ContextTtl): Promise<boolean> {
    const count = await changed(
      this.database.kysely,
      sql`update stored_contexts c set state = 'deleting'
        where c.store = ${store} and c.key = ${key} and ${this.hasExpired(ttl)}`,
    );
    return count === 1;
  }

  /** Gives back what the store has refused to remove. */
  async keep(store: ContextStoreKind, key: string): Promise<void> {
    await sql`update stored_contexts set state = case when sha256 is null then 'writing' else 'ready' end
      where store = ${store} and key = ${key} and state = 'deleting'`.execute(this.database.kysely);
  }

  private hasExpired(ttl: ContextTtl): RawBuilder<unknown> {
    const days = sql`coalesce((${json(ttl.byTenant)} ->> c.tenant)::float8, ${ttl.days}::float8)`;
    return sql`(c.state = 'deleting' or c.used_at < ${this.now} - ${days} * interval '1 day' and not ${IN_USE})`;
  }

  /** Forgets what was marked and is removed now. */
  async forget(store: ContextStoreKind, key: string): Promise<void> {
    await sql`delete from stored_contexts where store = ${store} and key = ${key} and state = 'deleting'`.execute(
      this.database.kysely,
    );
  }

  /** Those of them that no record names. */
  async orphans(store: ContextStoreKind, found: readonly StoredContext[]): Promise<StoredContext[]> {
    const known = await rows<{ key: string }>(
      this.database.kysely,
      sql`select key from stored_contexts where store = ${store} and key = any(${found.map(({ key }) => key)}::text[])`,
    );
    const keys = new Set(known.map(({ key }) => key));
    return found.filter(({ key }) => !keys.has(key));
  }

  /**
   * Records orphans, whose time begins to run now: they go like any other context when it has run out, and a build of the
   * same content can take them over until then. Returns how many were new.
   */
  async adopt(store: ContextStoreKind, orphans: readonly StoredContext[]): Promise<number> {
    if (orphans.length === 0) return 0;
    const { names, rows: values } = rowSet<StoredContext>(orphans, {
      store: ['text', () => store],
      key: ['text', ({ key }) => key],
      identity: ['text', ({ identity }) => identity],
      tenant: ['text', ({ tenant }) => tenant],
      size: ['bigint', ({ size }) => size],
      state: ['text', () => 'ready'],
    });
    return changed(
      this.database.kysely,
      sql`insert into stored_contexts (${names}, created_at, used_at)
        select *, ${this.now}, ${this.now} from ${values} on conflict do nothing`,
    );
  }
}

/** The one piece of due work `sweep-contexts`. */
export const SWEEP_KEY = 'contexts';

/** Whether some process holds the lease of the sweep. */
const SWEEPING = sql`exists (select 1 from due_work
  where kind = 'sweep-contexts' and key = ${SWEEP_KEY} and lease_until > clock_timestamp())`;

/** A build that is not at its end, a Job that still reads, or a function whose code was made from it. */
const IN_USE = sql`(
  exists (select 1 from builds b where b.identity = c.identity and b.status = 'pending')
  or exists (select 1 from builds b where b.identity = c.identity and b.status = 'running')
  or exists (select 1 from build_attempts a where a.identity = c.identity and a.gone_at is null)
  or exists (select 1 from functions f join builds b on b.build_id = f.code_build_id where b.identity = c.identity)
)`;

/** Says in the commit that goes on with it that a context is whole. */
export async function contextStored(tx: Tx, { store, key, size, sha256 }: ContextReference): Promise<void> {
  await sql`update stored_contexts set state = 'ready', size = ${size}, sha256 = ${sha256} where store = ${store} and key = ${key}`.execute(
    tx,
  );
}
