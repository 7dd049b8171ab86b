import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** The PostgreSQL of the tests: `npm test` starts one and names it. */
function serverUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (!url)
    throw new Error(
      'DATABASE_URL is not set: run the tests with `npm test`, which starts the servers they need.',
    );
  return url;
}

function databaseUrl(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function makeTemplate(
  client: Client,
  template: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> {
  const known = await client.query('select 1 from pg_database where datname = $1', [template]);
  if (known.rowCount) return;
  const unfinished = `${template}_new`;
  await client.query(`drop database if exists ${unfinished}`);
  await client.query(`create database ${unfinished}`);
  await migrate(databaseUrl(unfinished));
  await client.query(`alter database ${unfinished} rename to ${template}`);
}

export interface FreshDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * An empty migrated database of its own for one spec file: a clone of a template, which takes milliseconds. The template is
 * made once per `version` of the schema, under a lock, by `migrate`.
 */
export async function freshDatabase(
  version: string,
  migrate: (url: string) => Promise<void>,
): Promise<FreshDatabase> {
  const template = `slipway_template_${createHash('sha256').update(version).digest('hex').slice(0, 12)}`;
  const name = `slipway_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(async (client) => {
    await client.query('select pg_advisory_lock(727274)');
    await makeTemplate(client, template, migrate);
    await client.query(`create database ${name} template ${template}`);
  });
  return {
    url: databaseUrl(name),
    drop: () =>
      onServer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}
