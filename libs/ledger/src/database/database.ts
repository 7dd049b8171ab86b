import { CompiledQuery, Kysely, PostgresDialect, sql, type RawBuilder, type Transaction } from 'kysely';
import { Pool, types } from 'pg';
import { reach } from '@slipway/domain';
import { migrate } from '../migrations/migrate';
import { isTransient } from './away';
import { connectionSettings } from './connection';

/** The tables are addressed by SQL; row types stand beside the queries that read them. */
export type Tables = Record<string, never>;
export type Executor = Kysely<Tables> | Transaction<Tables>;
export type Tx = Transaction<Tables>;

export interface DatabaseOptions {
  url: string;
  /** Connections that this process may hold. */
  poolSize?: number;
  /** Milliseconds after which the server ends a statement. */
  statementTimeoutMs?: number;
  applicationName?: string;
}

const INT8 = 20;
const MAX_TRIES = 5;
/** An index on a table of millions takes minutes. */
const MIGRATION_STATEMENT_TIMEOUT_MS = 30 * 60_000;
/** The Migrator holds one, and reads over the other what was done before. */
const MIGRATION_CONNECTIONS = 2;

/** bigint columns hold sequences, versions and offsets, all far below 2^53, so numbers are exact. */
const typeParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format),
};

function connect({ url, applicationName, statementTimeoutMs, poolSize }: DatabaseOptions): Kysely<Tables> {
  const pool = new Pool({
    ...connectionSettings(url, applicationName ?? 'slipway', statementTimeoutMs),
    max: poolSize ?? 10,
    types: typeParsers as never,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // The same for one that is in use: whoever uses it sees the failure of its statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** One process's way to the ledger: a pool, transactions that retry what is transient, and the migrations. */
export class Database {
  readonly kysely: Kysely<Tables>;

  constructor(private readonly options: DatabaseOptions) {
    this.kysely = connect(options);
  }

  /** Brings the schema up to date, over connections of its own whose statements may take long. */
  async migrate(): Promise<void> {
    const kysely = connect({
      ...this.options,
      statementTimeoutMs: MIGRATION_STATEMENT_TIMEOUT_MS,
      poolSize: MIGRATION_CONNECTIONS,
    });
    try {
      await migrate(kysely);
    } finally {
      await kysely.destroy();
    }
  }

  /** Runs `work` in one transaction, again from its start where PostgreSQL reports a transient conflict. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.kysely.transaction().execute(async (tx) => {
          const done = await work(tx);
          reach('ledger.before-commit');
          return done;
        });
        reach('ledger.after-commit');
        return result;
      } catch (error) {
        if (!isTransient(error) || tries === MAX_TRIES) throw error;
      }
    }
  }

  async ping(): Promise<void> {
    await this.kysely.executeQuery(CompiledQuery.raw('select 1'));
  }

  async close(): Promise<void> {
    await this.kysely.destroy();
  }
}

export async function rows<Row>(db: Executor, query: RawBuilder<unknown>): Promise<Row[]> {
  const result = await query.execute(db);
  return result.rows as Row[];
}

export async function oneRow<Row>(db: Executor, query: RawBuilder<unknown>): Promise<Row | undefined> {
  return (await rows<Row>(db, query))[0];
}

/** How many rows a statement changed. */
export async function changed(db: Executor, query: RawBuilder<unknown>): Promise<number> {
  const result = await query.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** jsonb holds neither NUL nor halves of surrogate pairs, and what a builder or a user writes may contain both. */
function storable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;
}

/** The text of a jsonb value for records of ours; undefined becomes SQL null. */
export function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value, storable);
}

/** A JSON parameter for records of ours; undefined becomes SQL null. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${jsonText(value)}::jsonb`;
}

/** An event as it is: the type `json` keeps the text to the letter. */
export function eventJson(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::json`;
}
