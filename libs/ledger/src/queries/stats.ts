import { sql } from 'kysely';
import { oneRow, rows, type Database } from '../database/database';

export interface Stats {
  pending: number;
  running: number;
  endedLastHour: number;
  oldestWaitSeconds: number;
  /** Concurrent builds that the live launchers allow; undefined where none lives. */
  capacity?: number;
  tenants: { tenant: string; pending: number; running: number }[];
}

/** Counts across all replicas, from the ledger. */
export class StatsQueries {
  constructor(private readonly database: Database) {}

  async read(): Promise<Stats> {
    const db = this.database.kysely;
    const tenants = await rows<{ tenant: string; pending: number; running: number; oldest: number | null }>(
      db,
      sql`select tenant, count(*) filter (where status = 'pending') as pending,
          count(*) filter (where status = 'running') as running,
          extract(epoch from clock_timestamp() - min(created_at) filter (where status = 'pending'))::float8 as oldest
        from builds where status in ('pending', 'running') group by tenant order by tenant limit 1000`,
    );
    const ended = await oneRow<{ n: number }>(
      db,
      sql`select count(*) as n from builds where completed_at > clock_timestamp() - interval '1 hour'`,
    );
    const launcher = await oneRow<{ capacity: number | null }>(
      db,
      sql`select max((detail ->> 'capacity')::int) as capacity from app_leases
        where app = 'job-launcher' and lease_until > clock_timestamp()`,
    );
    const sum = (pick: (row: (typeof tenants)[number]) => number): number =>
      tenants.reduce((total, row) => total + pick(row), 0);
    return {
      pending: sum((row) => row.pending),
      running: sum((row) => row.running),
      endedLastHour: ended?.n ?? 0,
      oldestWaitSeconds: Math.max(0, ...tenants.map((row) => row.oldest ?? 0)),
      ...(launcher?.capacity == null ? {} : { capacity: launcher.capacity }),
      tenants: tenants.map(({ tenant, pending, running }) => ({ tenant, pending, running })),
    };
  }

  /** Pending builds of each tenant, against which the door checks its caps. */
  async pending(): Promise<Map<string, number>> {
    const counts = await rows<{ tenant: string; n: number }>(
      this.database.kysely,
      sql`select tenant, count(*) as n from builds where status = 'pending' group by tenant`,
    );
    return new Map(counts.map(({ tenant, n }) => [tenant, n]));
  }
}
