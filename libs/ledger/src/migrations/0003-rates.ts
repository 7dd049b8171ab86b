import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const rates: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table rates (
      stage text not null,
      tenant text not null,
      tokens double precision not null,
      at timestamptz not null,
      primary key (stage, tenant)
    )`.execute(db);
  },
};
