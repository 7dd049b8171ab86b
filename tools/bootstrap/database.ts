import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Context } from './context.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { postgresArguments } from './postgres-settings.ts';
import { requireFreePort } from './ports.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';
import { runProgram } from './run-program.ts';
import { startServer } from './server.ts';
import { loadSecrets } from './secrets.ts';
import { giveFolder, serviceUser, type ServiceUser } from './service-user.ts';

export const DATABASE_PROCESS = 'postgresql';

interface Cluster {
  native: string;
  data: string;
  user: ServiceUser | undefined;
  password: string;
}

function processEnvironment(context: Context): NodeJS.ProcessEnv {
  // PG* variables of the caller would change what initdb and the server do.
  return { PATH: context.env.PATH, HOME: '/', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
}

/** Made under another name and renamed: an init that was cut short leaves nothing that looks finished. */
async function initialise(context: Context, { native, data, user, password }: Cluster): Promise<void> {
  const draft = join(context.state.database, 'draft');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveFolder(draft, user);
  const args = [
    '-D',
    join(draft, 'data'),
    '-U',
    'slipway',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const { code, output } = await runProgram(
    join(native, 'bin', 'initdb'),
    [...args, '--encoding=UTF8', '--locale=C', '--no-instructions', '--no-sync'],
    { cwd: '/', env: processEnvironment(context), uid: user?.uid, gid: user?.gid, signal: context.signal },
  );
  if (code !== 0)
    throw new Refusal(`PostgreSQL could not create its data in ${data}: ${output.trim().split('\n').at(-1)}`);
  renameSync(join(draft, 'data'), data);
  rmSync(draft, { recursive: true, force: true });
}

async function connects(url: string): Promise<true | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // A connection lost after the answer; without a listener it ends the process.
  try {
    await client.connect();
    return true;
  } catch {
    return undefined; // Not up yet; what it says about why stands in its log.
  } finally {
    await client.end();
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'slipway'`);
    if (rowCount === 0) await client.query('CREATE DATABASE slipway');
  } finally {
    await client.end();
  }
}

/**
 * Brings PostgreSQL up and returns its URL: the one of DATABASE_URL, or a server of our own with a database `slipway`
 * whose user may create further ones. Throws a Refusal where there is none.
 */
export async function ensureDatabase(context: Context, record: RunRecord): Promise<string> {
  const given = context.env.DATABASE_URL;
  if (given) {
    if (await connects(given)) return given;
    throw new Refusal(
      'DATABASE_URL names a PostgreSQL that does not answer: start it, or unset DATABASE_URL so that Slipway starts one of its own.',
    );
  }
  const running = record.running(DATABASE_PROCESS);
  const password = loadSecrets(context.state.secrets).database;
  const port = running?.port ?? context.ports.postgres;
  const url = (database: string) => `postgresql://slipway:${password}@127.0.0.1:${port}/${database}`;
  if (running) return url('slipway');
  await requireFreePort(port, 'PostgreSQL', context.ports);
  mkdirSync(context.state.database, { recursive: true });
  chmodSync(context.state.database, context.asRoot ? 0o711 : 0o700);
  const data = join(context.state.database, 'data');
  const user = serviceUser(context.asRoot, 'postgres');
  const native = postgresBinaries(context);
  if (!existsSync(data)) await initialise(context, { native, data, user, password });
  await startServer(context, record, {
    name: DATABASE_PROCESS,
    title: 'PostgreSQL',
    port,
    command: join(native, 'bin', 'postgres'),
    args: postgresArguments(context.purpose, data, port),
    env: processEnvironment(context),
    user,
    isReady: () => connects(url('postgres')),
  });
  await createDatabase(url('postgres'));
  return url('slipway');
}
