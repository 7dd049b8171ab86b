import { randomBytes } from 'node:crypto';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Client, Pool } from 'pg';
import { eventually } from './eventually.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { proxiedServer, serverUrl } from './proxied-server.ts';

const TEN_MIB = 10 * 1024 * 1024;

describe('the fault proxy before a real PostgreSQL', () => {
  const schema = `fault_proxy_${randomBytes(6).toString('hex')}`;
  const table = `${schema}.rows`;
  let proxy: FaultProxy;
  let url: string;
  let direct: Client;

  beforeAll(async () => {
    direct = new Client({ connectionString: serverUrl('postgres') });
    await direct.connect();
    await direct.query(`create schema ${schema}`);
    await direct.query(`create table ${table} (id int primary key, text text)`);
  });

  afterAll(async () => {
    await direct.query(`drop schema ${schema} cascade`);
    await direct.end();
  });

  beforeEach(async () => {
    ({ proxy, url } = await proxiedServer('postgres'));
    await direct.query(`truncate ${table}`);
  });

  afterEach(async () => {
    await proxy.close();
  });

  async function client(): Promise<Client> {
    const made = new Client({ connectionString: url });
    made.on('error', () => undefined);
    await made.connect();
    return made;
  }

  const ids = async (): Promise<number[]> =>
    (await direct.query<{ id: number }>(`select id from ${table} order by id`)).rows.map(({ id }) => id);

  it.each([
    ['a simple query', { text: 'commit' }],
    ['a simple query in capitals', { text: 'COMMIT;' }],
    ['an extended query', { text: 'commit', queryMode: 'extended' }],
    ['several statements in one', { text: `insert into ${table} values (2); commit` }],
  ])('loses the answer to a COMMIT that is done, sent as %s', async (_name, commit) => {
    const one = await client();
    await one.query('begin');
    await one.query(`insert into ${table} values (1)`);
    proxy.loseCommitAnswer();
    await expect(one.query(commit)).rejects.toThrow(/ECONNRESET|terminated/);
    expect(await ids()).toContain(1);
    expect(proxy.counts).toEqual({ confirms: 0, commits: 1 });
  });

  it('loses it to a transaction of Kysely, and lets the next one through', async () => {
    const pool = new Pool({ connectionString: url, max: 1 });
    pool.on('error', () => undefined);
    pool.on('connect', (made) => made.on('error', () => undefined));
    const kysely = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) });
    const insert = (id: number): Promise<unknown> =>
      kysely.transaction().execute((tx) => sql`insert into ${sql.raw(table)} values (${id})`.execute(tx));
    proxy.loseCommitAnswer();
    // Kysely answers the lost COMMIT with a rollback, and throws what the driver says to that.
    await expect(insert(1)).rejects.toThrow('connection error');
    expect(await ids()).toEqual([1]);
    await insert(2);
    expect(await ids()).toEqual([1, 2]);
    expect(proxy.counts.commits).toBe(1);
    await kysely.destroy();
  });

  it('answers what is no COMMIT, and one that fails, and waits for one that is done', async () => {
    const one = await client();
    proxy.loseCommitAnswer();
    await one.query('begin');
    await one.query(`insert into ${table} values (1)`);
    await one.query('rollback');
    await one.query('begin');
    await expect(one.query('select 1/0')).rejects.toThrow('division by zero');
    expect((await one.query('commit')).command).toBe('ROLLBACK');
    expect(proxy.counts.commits).toBe(0);
    await one.query('begin');
    await one.query(`insert into ${table} values (2)`);
    await expect(one.query('commit')).rejects.toThrow(/ECONNRESET|terminated/);
    expect(await ids()).toEqual([2]);
  });

  it('is not misled by another session that notifies the word COMMIT', async () => {
    const one = await client();
    const heard: (string | undefined)[] = [];
    one.on('notification', ({ payload }) => heard.push(payload));
    await one.query(`listen ${schema}`);
    proxy.loseCommitAnswer();
    await direct.query(`notify ${schema}, 'COMMIT'`);
    await eventually('the notification', () => heard.length === 1);
    expect(proxy.counts.commits).toBe(0);
    expect(proxy.connections).toBe(1);
  });

  it('freezes a statement and what the server would tell, and brings both through after the thaw', async () => {
    const one = await client();
    const heard: (string | undefined)[] = [];
    one.on('notification', ({ payload }) => heard.push(payload));
    await one.query(`listen ${schema}`);
    expect(proxy.freeze()).toBe(1);
    const inserted = one.query(`insert into ${table} values (1)`);
    await direct.query(`notify ${schema}, 'down'`);
    // A new connection works, and what it asks comes through after what the frozen one was asked.
    const another = await client();
    await another.query(`insert into ${table} values (2)`);
    expect(await ids()).toEqual([2]);
    expect(heard).toEqual([]);
    proxy.thaw();
    await inserted;
    await eventually('the notification', () => heard.length === 1);
    expect(await ids()).toEqual([1, 2]);
  });

  it('refuses new connections until it is told otherwise', async () => {
    proxy.refuse(true);
    await expect(client()).rejects.toThrow(/ECONNRESET|terminated/);
    proxy.refuse(false);
    expect((await (await client()).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('brings 10 MiB through in both directions', async () => {
    const one = await client();
    const text = randomBytes(TEN_MIB / 2).toString('hex');
    await one.query(`insert into ${table} values (1, $1)`, [text]);
    const { rows } = await one.query<{ text: string }>(`select text from ${table}`);
    expect(rows[0]?.text === text).toBe(true);
  });
});
