import { sql } from 'kysely';
import { json, type Database } from './database/database';

const LEASE_SECONDS = 30;

/** Says which apps live, so that the statistics know without asking them. */
export class AppLeases {
  constructor(private readonly database: Database) {}

  async hold(app: string, instance: string, detail: Record<string, unknown>): Promise<void> {
    await sql`insert into app_leases (app, instance, detail, lease_until)
      values (${app}, ${instance}, ${json(detail)}, clock_timestamp() + ${LEASE_SECONDS} * interval '1 second')
      on conflict (app, instance) do update set detail = excluded.detail, lease_until = excluded.lease_until`.execute(
      this.database.kysely,
    );
    await sql`delete from app_leases where lease_until < clock_timestamp() - interval '1 hour'`.execute(
      this.database.kysely,
    );
  }

  async release(app: string, instance: string): Promise<void> {
    await sql`delete from app_leases where app = ${app} and instance = ${instance}`.execute(
      this.database.kysely,
    );
  }
}
