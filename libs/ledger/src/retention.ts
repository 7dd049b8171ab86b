import { sql } from 'kysely';
import { changed, type Database } from './database/database';

export interface RetentionDays {
  inbox: number;
  outbox: number;
  builds: number;
  logs: number;
  deliveries: number;
}

const BATCH = 5_000;
/** Bounds one sweep; what is left comes with the next. */
const MAX_ROUNDS = 200;

/** Deletes what is older than it is kept, in batches, by the database's clock. Live builds are never touched. */
export async function sweepRecords(database: Database, days: RetentionDays): Promise<Record<string, number>> {
  const old = (column: string, age: number) =>
    sql`${sql.ref(column)} < clock_timestamp() - ${age} * interval '1 day'`;
  const sweeps = {
    inbox: sql`delete from inbox where ctid in (select ctid from inbox where ${old('at', days.inbox)} limit ${BATCH})`,
    outbox: sql`delete from outbox where id in (select id from outbox where ${old('sent_at', days.outbox)} limit ${BATCH})`,
    logs: sql`delete from build_logs where (build_id, attempt, "offset") in (
      select l.build_id, l.attempt, l."offset" from build_logs l join builds b using (build_id)
      where ${old('b.completed_at', days.logs)} limit ${BATCH})`,
    deliveries: sql`delete from deliveries where (event_source, event_id, service) in (
      select event_source, event_id, service from deliveries where ${old('ended_at', days.deliveries)} limit ${BATCH})`,
    builds: sql`delete from builds where build_id in (select b.build_id from builds b
      where ${old('b.completed_at', days.builds)}
        and not exists (select 1 from functions f where f.code_build_id = b.build_id)
        and not exists (select 1 from build_attempts a where a.build_id = b.build_id and a.gone_at is null) limit ${BATCH})`,
  };
  const counts: Record<string, number> = {};
  for (const [name, statement] of Object.entries(sweeps)) {
    let total = 0;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const count = await changed(database.kysely, statement);
      total += count;
      if (count < BATCH) break;
    }
    counts[name] = total;
  }
  return counts;
}
