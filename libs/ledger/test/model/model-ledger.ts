import { sql } from 'kysely';
import { Ledger } from '../../src';
import type { Tx } from '../../src/database/database';
import { PREPARE_STATE } from './ledger-state';
import { testLedger } from '../test-ledger';

/** A real ledger that can be taken back to an earlier moment, and whose clock stands still until it is moved. */
export interface ModelLedger {
  ledger: Ledger;
  /** Runs `work`, then takes everything that it changed in the ledger back, the clock too. */
  undone<T>(work: () => Promise<T>): Promise<T>;
  /** Moves the clock on. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * The ledger asks the database for the time by `clock_timestamp()`. This one is found before PostgreSQL's own. It starts a
 * day ahead, so that what column defaults took from the real clock lies in the past.
 */
const CLOCK = `
  create schema model;
  create function model.clock_timestamp() returns timestamptz language sql stable
    as $$ select current_setting('model.now')::timestamptz $$;
  select set_config('model.now', (clock_timestamp() + interval '1 day')::text, true);
  set local search_path = model, pg_catalog, public`;

/** Savepoints of one name may be nested; PostgreSQL means the innermost. */
async function inSavepoint<T>(tx: Tx, keep: boolean, work: () => Promise<T>): Promise<T> {
  await sql.raw('savepoint model').execute(tx);
  try {
    const result = await work();
    if (!keep) await sql.raw('rollback to savepoint model').execute(tx);
    return result;
  } catch (error) {
    await sql.raw('rollback to savepoint model').execute(tx);
    throw error;
  } finally {
    await sql.raw('release savepoint model').execute(tx);
  }
}

/**
 * Opens a ledger whose every statement runs in one transaction that is never committed; what it runs as transactions of its
 * own are savepoints of that one.
 */
export async function modelLedger(): Promise<ModelLedger> {
  const given = await testLedger();
  const ledger = new Ledger({ url: given.url, poolSize: 1 });
  const pooled = ledger.database.kysely;
  const outer = await pooled.startTransaction().execute();
  await sql.raw(CLOCK).execute(outer);
  await sql.raw(PREPARE_STATE).execute(outer);
  Object.assign(ledger.database, {
    kysely: outer,
    transaction: <T>(work: (tx: Tx) => Promise<T>) => inSavepoint(outer, true, () => work(outer)),
  });
  return {
    ledger,
    undone: (work) => inSavepoint(outer, false, work),
    pass: async (seconds) => {
      await sql`select set_config('model.now',
        (clock_timestamp() + ${seconds} * interval '1 second')::text, true)`.execute(outer);
    },
    close: async () => {
      await outer.rollback().execute();
      await pooled.destroy();
      await given.close();
    },
  };
}
