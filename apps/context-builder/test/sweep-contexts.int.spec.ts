import { SlipwayError, ContextStores, type ContextName } from '@slipway/domain';
import { StoredContexts, type BuildRow, type ContextTtl } from '@slipway/ledger';
import { Metrics } from '@slipway/service-kit';
import { MemoryContextStore } from '@slipway/testing';
import { sql } from 'kysely';
import { LIMITS, claimed, queuedBuild, runningBuild } from '../../../libs/ledger/test/given';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';
import { SweepContexts } from '../src/sweep-contexts/sweep-contexts';
import { SweepMetrics } from '../src/sweep-contexts/sweep-metrics';

const TTL: ContextTtl = { days: 7, byTenant: { patient: 30, hasty: 1 } };
const ARCHIVE = Buffer.from('archive');

describe('sweeping contexts', () => {
  let given: TestLedger;
  let store: MemoryContextStore;
  let metrics: Metrics;

  beforeEach(async () => {
    given = await testLedger();
    store = new MemoryContextStore();
    metrics = new Metrics();
  });
  afterEach(() => given.close());

  /** What was true `days` from now, by a database whose clock is that much ahead. */
  function recordsIn(days: number): StoredContexts {
    return new StoredContexts(
      given.ledger.database,
      sql`clock_timestamp() + ${days}::float8 * interval '1 day'`,
    );
  }

  function sweeper(days: number, options: { dryRun?: boolean; stores?: MemoryContextStore[] } = {}) {
    return new SweepContexts({
      records: recordsIn(days),
      due: given.ledger.due,
      stores: new ContextStores(options.stores ?? [store]),
      ttl: TTL,
      dryRun: options.dryRun ?? false,
      metrics: new SweepMetrics(metrics, { now: () => 5_000 }),
      logger: { warn: () => undefined, error: () => undefined },
      everyMs: 60_000,
    });
  }

  async function sweep(days: number, options: { dryRun?: boolean; stores?: MemoryContextStore[] } = {}) {
    metrics = new Metrics();
    await given.ledger.due.ensure('sweep-contexts', 'contexts', null);
    const work = await claimed(given.ledger, 'sweep-contexts', 'contexts');
    try {
      return await sweeper(days, options).run(work, new AbortController().signal);
    } finally {
      await given.ledger.due.again(work, 0);
    }
  }

  /** A stored context of a build that has ended. */
  async function context(name: Partial<ContextName>, age = 0): Promise<string> {
    const full: ContextName = { tenant: 'acme', parser: 'hello', identity: 'a'.repeat(64), ...name };
    await store.put(full, ARCHIVE);
    const place = { store: store.kind, key: store.keyOf(full) };
    await recordsIn(-age).refer({ build_id: 'ended', tenant: full.tenant }, full.identity, place);
    return place.key;
  }

  const identity = (letter: string): string => letter.repeat(64);

  async function counted(name: string): Promise<number> {
    const text = await metrics.registry.getSingleMetricAsString(`slipway_context_sweep_${name}`);
    const values = [...text.matchAll(/^slipway_\S+(?:\{.*\})? (\S+)$/gm)].map(([, value]) => Number(value));
    return values.reduce((sum, value) => sum + value, 0);
  }

  it('removes what nothing has used for a week, its record too, and counts both', async () => {
    const old = await context({ identity: identity('a') });
    const young = await context({ identity: identity('b') }, -2);
    await sweep(6.9);
    expect(store.keys).toEqual([old, young].sort());
    await sweep(7.1);
    expect(store.keys).toEqual([young]);
    expect(await counted('removed_total')).toBe(1);
    expect(await counted('removed_bytes_total')).toBe(0);
    expect(await counted('last_success_timestamp_seconds')).toBe(5);
    await sweep(9.1);
    expect(store.keys).toEqual([]);
  });

  it('counts the bytes of what was stored whole', async () => {
    await queuedBuild(given.ledger, identity('a'));
    await given.ledger.cancelBuild((await theBuild()).build_id, { actor: 'spec' });
    store.leave('k', ARCHIVE);
    await sweep(8);
    expect(store.keys).toEqual([]);
    expect(await counted('removed_bytes_total')).toBe(1);
  });

  it('keeps contexts of each tenant for its own time', async () => {
    const acme = await context({ identity: identity('a') });
    const patient = await context({ tenant: 'patient', identity: identity('b') });
    const hasty = await context({ tenant: 'hasty', identity: identity('c') });
    await sweep(2);
    expect(store.keys).toEqual([acme, patient].sort());
    expect(store.keys).not.toContain(hasty);
    await sweep(8);
    expect(store.keys).toEqual([patient]);
    await sweep(31);
    expect(store.keys).toEqual([]);
  });

  it('begins to count anew with each use', async () => {
    const key = await context({}, 6);
    await context({});
    await sweep(2);
    expect(store.keys).toEqual([key]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a build that waits', () => queuedBuild(given.ledger, identity('a'))],
    ['a build that runs', () => runningBuild(given.ledger, identity('a'))],
    ['a build that is being prepared', () => preparing(identity('a'))],
    ['the code of a function', () => served(identity('a'))],
  ])('spares what %s refers to', async (_, use) => {
    await use();
    store.leave('k', ARCHIVE);
    await sweep(400);
    expect(store.keys).toEqual(['k']);
    expect(await counted('found_total')).toBe(0);
  });

  it('takes what a killed writer has left behind after a week, and not before', async () => {
    store.leave('build-context/acme/hello/.0.tmp', ARCHIVE);
    await sweep(100);
    expect(await counted('found_total')).toBe(1);
    expect(store.keys).toHaveLength(1);
    await sweep(106);
    expect(store.keys).toHaveLength(1);
    await sweep(107.1);
    expect(store.keys).toEqual([]);
    expect(await counted('removed_bytes_total')).toBe(ARCHIVE.length);
  });

  it('lets a build take over what no record named', async () => {
    const name = { tenant: 'acme', parser: 'hello', identity: identity('a') };
    await store.put(name, ARCHIVE);
    await sweep(0);
    await context(name, -6);
    await sweep(8);
    expect(store.keys).toHaveLength(1);
  });

  it('keeps what no record named as long as its tenant, and as long as something is made of it', async () => {
    const patient = { tenant: 'patient', parser: 'hello', identity: identity('a') };
    const needed = { tenant: 'acme', parser: 'hello', identity: identity('b') };
    await store.put(patient, ARCHIVE);
    await store.put(needed, ARCHIVE);
    await queuedBuild(given.ledger, identity('b'));
    await sweep(0);
    await sweep(29);
    expect(store.keys).toHaveLength(2);
    await sweep(31);
    expect(store.keys).toEqual([store.keyOf(needed)]);
  });

  it('changes nothing in a dry run, and counts the same', async () => {
    const key = await context({});
    store.leave('nobody', ARCHIVE);
    for (const _ of [1, 2]) {
      await sweep(8, { dryRun: true });
      expect(await counted('found_total')).toBe(2);
      expect(await counted('removed_total')).toBe(0);
      expect(await counted('runs_total')).toBe(1);
    }
    expect(store.keys).toEqual([key, 'nobody'].sort());
    const records = given.ledger.contexts;
    expect(await records.orphans('file', [{ key: 'nobody', size: 1 }])).toHaveLength(1);
  });

  it('lets no build refer to what it is removing, and a build write it again where it was killed', async () => {
    const key = await context({});
    await given.ledger.due.ensure('sweep-contexts', 'contexts', null);
    const work = await claimed(given.ledger, 'sweep-contexts', 'contexts');
    expect(await recordsIn(8).mark('file', key, TTL)).toBe(true);
    await expect(context({})).rejects.toMatchObject({ code: 'unavailable' });
    await given.ledger.due.again(work, 0);
    await expect(context({})).resolves.toBe(key);
    await sweep(0);
    expect(store.keys).toEqual([key]);
  });

  it('goes on after what a killed sweep has marked', async () => {
    await recordsIn(8).mark('file', await context({}), TTL);
    await sweep(0);
    expect(store.keys).toEqual([]);
  });

  it('leaves to its build what the store refuses to give up, and asks again with the next sweep', async () => {
    const key = await context({});
    const remove = store.remove.bind(store);
    store.remove = async () => {
      throw new SlipwayError('source_denied', 'no right to delete');
    };
    await expect(sweep(8)).resolves.toEqual({ againMs: 60_000 });
    expect(await counted('runs_total')).toBe(1);
    expect(await counted('last_success_timestamp_seconds')).toBe(0);
    await expect(context({}, -8)).resolves.toBe(key);
    store.remove = remove;
    await sweep(17);
    expect(store.keys).toEqual([]);
  });

  it('does not remove what a build has used since it was listed', async () => {
    const key = await context({});
    const records = recordsIn(8);
    expect(await records.expired('file', TTL, 10)).toHaveLength(1);
    await recordsIn(7).renew({ store: 'file', key });
    await recordsIn(7).refer({ build_id: 'ended', tenant: 'acme' }, identity('a'), { store: 'file', key });
    expect(await records.mark('file', key, TTL)).toBe(false);
  });

  it('goes on with the others where one cannot be removed, and comes again for that one', async () => {
    const [stuck, other] = [
      await context({ identity: identity('a') }),
      await context({ identity: identity('b') }),
    ];
    const remove = store.remove.bind(store);
    store.remove = async (key) => {
      if (key === stuck) throw new SlipwayError('unavailable', 'not now');
      await remove(key);
    };
    await expect(sweep(8)).rejects.toMatchObject({ code: 'unavailable' });
    expect(store.keys).toEqual([stuck]);
    expect(store.keys).not.toContain(other);
    expect(await counted('runs_total')).toBe(1);
    store.remove = remove;
    await sweep(8);
    expect(store.keys).toEqual([]);
  });

  it('sweeps every store, and each only its own records', async () => {
    const s3 = new MemoryContextStore('s3');
    const key = await context({});
    const name = { tenant: 'acme', parser: 'hello', identity: identity('a') };
    await s3.put(name, ARCHIVE);
    await recordsIn(-2).refer({ build_id: 'ended', tenant: 'acme' }, name.identity, { store: 's3', key });
    await sweep(6, { stores: [store, s3] });
    expect([store.keys, s3.keys]).toEqual([[key], []]);
  });

  it('removes nothing once its lease is lost', async () => {
    await context({});
    const lost = new AbortController();
    lost.abort(new Error('lost'));
    const work = {
      kind: 'sweep-contexts' as const,
      key: 'contexts',
      payload: {},
      tries: 0,
      wakes: 0,
      token: 1,
    };
    await expect(sweeper(8).run(work, lost.signal)).rejects.toThrow('lost');
    expect(store.keys).toHaveLength(1);
  });

  it('is one piece of work: two processes never sweep at once', async () => {
    await given.ledger.due.ensure('sweep-contexts', 'contexts', null);
    const claims = await Promise.all([1, 2, 3].map(() => given.ledger.due.claim('sweep-contexts', 1)));
    expect(claims.flat()).toHaveLength(1);
  });

  it('copes with more contexts than fit into one page', async () => {
    const keys = Array.from({ length: 1_203 }, (_, n) => `build-context/acme/hello/${n}/context.tar.gz`);
    for (const key of keys) store.leave(key, ARCHIVE);
    await sweep(0);
    expect(await counted('found_total')).toBe(keys.length);
    await sweep(8);
    expect(store.keys).toEqual([]);
    expect(await counted('removed_bytes_total')).toBe(keys.length * ARCHIVE.length);
  });

  async function theBuild(): Promise<BuildRow> {
    const { builds } = await given.ledger.builds.list({}, 1, undefined);
    return (await given.ledger.builds.get(builds[0]!.build_id))!;
  }

  async function preparing(content: string): Promise<void> {
    await queuedBuild(given.ledger, content);
    await sql`update builds set phase = 'preparing'`.execute(given.ledger.database.kysely);
  }

  async function served(content: string): Promise<void> {
    const { build_id: id } = await queuedBuild(given.ledger, content);
    await given.ledger.slots.claim(LIMITS);
    await sql`update builds set status = 'succeeded' where build_id = ${id}`.execute(
      given.ledger.database.kysely,
    );
    await sql`update build_attempts set gone_at = clock_timestamp()`.execute(given.ledger.database.kysely);
    await sql`update functions set code_build_id = ${id}`.execute(given.ledger.database.kysely);
  }
});
