import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import type { Tables } from '../database/database';
import { MIGRATIONS } from '.';

const DONE_ALREADY: Migration = { up: async () => undefined };

/**
 * What this version knows, and what a newer one has done to the same ledger. Migrations only expand, so an older version
 * goes on beside a newer one, and starts again beside it.
 */
async function knownAndNewer(db: Kysely<Tables>): Promise<Record<string, Migration>> {
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const newer = done.rows.filter(({ name }) => !Object.hasOwn(MIGRATIONS, name));
  return { ...MIGRATIONS, ...Object.fromEntries(newer.map(({ name }) => [name, DONE_ALREADY])) };
}

/** Brings the schema up to date; of several processes the first takes the lock and the others find it done. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const provider = { getMigrations: () => knownAndNewer(db) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
}
