import { sql } from 'kysely';
import { sweepRecords } from '../src';
import { acceptRequest, runningBuild, startEvent } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('logs and lists', () => {
  let given: TestLedger;
  beforeAll(async () => {
    given = await testLedger();
  });
  afterAll(() => given.close());

  it('keeps the first and the last part of a long log, with a line for what was left out', async () => {
    const { build } = await runningBuild(given.ledger, 'log');
    const piece = Buffer.alloc(512 * 1024, 'x');
    for (let offset = 0; offset < 20 * piece.length; offset += piece.length) {
      await given.ledger.logs.append(build.build_id, 1, offset, piece);
    }
    const { text } = await given.ledger.logs.read(build.build_id, 1);
    expect(text).toMatch(/bytes of output were not kept/);
    expect(text.length).toBeLessThan(8.6 * 1024 * 1024);
    expect(await given.ledger.logs.nextOffset(build.build_id, 1)).toBe(20 * piece.length);
  });

  it('stores a piece of log once', async () => {
    const { build } = await runningBuild(given.ledger, 'log-twice');
    for (let n = 0; n < 2; n += 1)
      await given.ledger.logs.append(build.build_id, 1, 0, Buffer.from('one\ntwo\n'));
    expect(await given.ledger.logs.tail(build.build_id, 1, 1)).toBe('two');
  });

  it('pages through all builds exactly once, also when new ones come in between', async () => {
    const made = new Set<string>();
    for (let n = 0; n < 25; n += 1) {
      made.add(
        (await given.ledger.acceptBuild(acceptRequest({ tenant: 'pages', parser: `p${n}` }))).build.build_id,
      );
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await given.ledger.builds.list({ tenant: 'pages' }, 10, cursor);
      seen.push(...page.builds.map((build) => build.build_id));
      cursor = page.nextCursor;
      await given.ledger.acceptBuild(acceptRequest({ tenant: 'pages' }));
    } while (cursor);
    expect(seen.filter((id) => made.has(id)).sort()).toEqual([...made].sort());
  });

  it.each([
    ['no cursor at all', 'bogus'],
    ['a day that no calendar has', Buffer.from('2026-99-99T00:00:00Z build').toString('base64url')],
  ])('refuses a cursor that is not its own: %s', async (_what, cursor) => {
    await expect(given.ledger.builds.list({}, 10, cursor)).rejects.toMatchObject({
      code: 'invalid_event',
      message: expect.stringContaining('cursor') as string,
    });
  });

  it('reads lists by an index', async () => {
    await sql`set enable_seqscan = off`.execute(given.ledger.database.kysely);
    const { rows } = await sql<Record<string, string>>`explain select * from builds where tenant = 'a'
      order by created_at desc, build_id desc limit 30`.execute(given.ledger.database.kysely);
    expect(rows.map((row) => Object.values(row)[0]).join('\n')).toMatch(/builds_by_tenant/);
  });

  it('numbers lenient ids after the last that ended, also when the first were swept', async () => {
    const prefix = 'lenient-abc-';
    const next = (redelivered: boolean) =>
      given.ledger.builds.nextLenient('lenient', 's', prefix, redelivered);
    for (const n of [0, 1, 2]) {
      expect(await next(false)).toBe(n);
      const event = startEvent({ id: `${prefix}${n}`, source: 's' });
      const { build } = await given.ledger.acceptBuild(
        acceptRequest({ event, tenant: 'lenient', lenient: true }),
      );
      // While it is live, the same bytes meet it.
      expect(await next(false)).toBe(n);
      await given.ledger.cancelBuild(build.build_id, { actor: 'test' });
    }
    await sql`delete from builds where event_id = ${`${prefix}0`}`.execute(given.ledger.database.kysely);
    expect(await next(false)).toBe(3);
    // What was delivered before and ended just now is met again; what ended long ago was never handled.
    expect(await next(true)).toBe(2);
    await sql`update builds set created_at = created_at - interval '1 hour' where tenant = 'lenient'`.execute(
      given.ledger.database.kysely,
    );
    expect(await next(true)).toBe(3);
  });

  it('deletes what is older than it is kept, and nothing live', async () => {
    const days = { inbox: 7, outbox: 1, builds: 90, logs: 30, deliveries: 7 };
    const { build } = await given.ledger.acceptBuild(acceptRequest({ tenant: 'old' }));
    const live = await given.ledger.acceptBuild(acceptRequest({ tenant: 'old', parser: 'live' }));
    await given.ledger.cancelBuild(build.build_id, { actor: 'test' });
    const db = given.ledger.database.kysely;
    await sql`update builds set created_at = created_at - interval '100 days',
      completed_at = completed_at - interval '100 days' where tenant = 'old'`.execute(db);
    expect((await sweepRecords(given.ledger.database, days))['builds']).toBe(1);
    expect(await given.ledger.builds.get(build.build_id)).toBeUndefined();
    expect(await given.ledger.builds.get(live.build.build_id)).toBeDefined();
  });

  it('counts across tenants for the statistics', async () => {
    const stats = await given.ledger.stats.read();
    expect(stats.pending).toBeGreaterThan(0);
    expect(stats.tenants.find((row) => row.tenant === 'pages')?.pending).toBeGreaterThan(20);
  });
});
