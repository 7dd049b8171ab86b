import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { MIGRATIONS } from '../../../../libs/ledger/src/migrations/index.ts';
import { freshDatabase, type FreshDatabase } from '../../../../libs/testing/src/servers/fresh-database.ts';
import type { Break, Observed, Traces } from '../../lib/observed.ts';
import { findBreaks } from '../check-invariants.ts';
import type { QueueDepth } from '../evidence/outside.ts';

const MIGRATIONS_FOLDER = join(__dirname, '../../../../libs/ledger/src/migrations');

function schemaVersion(): string {
  const files = readdirSync(MIGRATIONS_FOLDER).sort();
  return files.map((file) => readFileSync(join(MIGRATIONS_FOLDER, file), 'utf8')).join('\n');
}

async function migrate(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const provider = { getMigrations: async () => MIGRATIONS };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  await db.destroy();
  if (error) throw error;
}

/** A ledger, a state folder and what the outside saw, to be filled by hand. */
export class Scene {
  readonly traces: Traces;
  observed: Observed = { starts: [], cancels: [], events: [] };
  queues: QueueDepth[] = [];
  private readonly database: FreshDatabase;
  private readonly client: pg.Client;
  /** Holds the state folder, and its copy while changes are to be undone. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'slipway-check-'));
  private readonly copy = join(this.folder, 'copy');
  private kept: Pick<Scene, 'observed' | 'queues'> | undefined;
  private children: ChildProcess[] = [];

  private constructor(database: FreshDatabase, client: pg.Client, secrets: string[]) {
    this.database = database;
    this.client = client;
    this.traces = { database: database.url, stateDir: join(this.folder, 'state'), secrets };
    mkdirSync(this.traces.stateDir);
  }

  static async open(secrets: string[]): Promise<Scene> {
    const database = await freshDatabase(schemaVersion(), migrate);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return new Scene(database, client, secrets);
  }

  async close(): Promise<void> {
    await this.endProcesses();
    rmSync(this.folder, { recursive: true });
    await this.client.end();
    await this.database.drop();
  }

  /** From here on every change is undone by `undo`, and seen by nobody else before. */
  async begin(): Promise<void> {
    this.kept = structuredClone({ observed: this.observed, queues: this.queues });
    cpSync(this.traces.stateDir, this.copy, { recursive: true });
    await this.client.query('begin');
  }

  async undo(): Promise<void> {
    await this.client.query('rollback');
    await this.endProcesses();
    rmSync(this.traces.stateDir, { recursive: true });
    cpSync(this.copy, this.traces.stateDir, { recursive: true });
    rmSync(this.copy, { recursive: true });
    Object.assign(this, this.kept);
  }

  /** The breaks of the scene as it is now. */
  check(): Promise<Break[]> {
    return findBreaks(this.client, this.traces, this.observed, this.queues);
  }

  async sql(text: string, values: readonly unknown[] = []): Promise<void> {
    await this.client.query(text, [...values]);
  }

  /** Columns that the row does not name get their defaults; objects are stored as JSON. */
  async insert(table: string, row: object): Promise<void> {
    const names = Object.keys(row).map((name) => `"${name}"`);
    const places = names.map((_name, index) => `$${index + 1}`);
    await this.sql(`insert into ${table} (${names.join()}) values (${places.join()})`, Object.values(row));
  }

  /** Writes a file below the state folder; what is no bytes is written as JSON. */
  write(path: string, content: Buffer | string | object): void {
    const file = join(this.traces.stateDir, path);
    mkdirSync(dirname(file), { recursive: true });
    const raw = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(file, raw ? content : JSON.stringify(content));
  }

  remove(path: string): void {
    rmSync(join(this.traces.stateDir, path), { recursive: true });
  }

  /** A process that does nothing until the scene is closed. */
  async process(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
    const idle = ['-e', 'setInterval(() => undefined, 60_000)', '--'];
    const child = spawn(process.execPath, [...idle, ...args], { env, stdio: 'ignore' });
    await once(child, 'spawn');
    this.children.push(child);
  }

  /** The folder of a Job, as its processes know it. */
  job(name: string): string {
    return join(this.traces.stateDir, 'jobs', name);
  }

  private async endProcesses(): Promise<void> {
    for (const child of this.children) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    this.children = [];
  }
}
