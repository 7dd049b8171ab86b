import type { Cause } from '@slipway/domain';
import { DueWorker, LeaseLost, type DueStep, type LeasedWork } from '../src';
import { sql } from 'kysely';
import { acceptRequest } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('due work', () => {
  let given: TestLedger;
  let worker: DueWorker | undefined;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  const db = () => given.ledger.database.kysely;
  const expire = () =>
    sql`update due_work set lease_until = clock_timestamp() - interval '1 second'`.execute(db());
  const claimOne = async (): Promise<LeasedWork> => (await given.ledger.due.claim('stop', 1))[0]!;

  it('is claimed by one of many workers', async () => {
    await given.ledger.due.ensure('stop', 'job', null);
    const claims = await Promise.all(Array.from({ length: 10 }, () => given.ledger.due.claim('stop', 1)));
    expect(claims.flat()).toHaveLength(1);
  });

  it('cannot be ended by a worker whose lease went to another', async () => {
    await given.ledger.due.ensure('stop', 'job', null);
    const stale = await claimOne();
    await expire();
    const fresh = await claimOne();
    let written = false;
    await expect(
      given.ledger.due.close(stale, async () => {
        written = true;
      }),
    ).rejects.toBeInstanceOf(LeaseLost);
    expect(written).toBe(false);
    await given.ledger.due.close(fresh, async () => undefined);
    expect(await given.ledger.due.claim('stop', 1)).toEqual([]);
  });

  it('counts a lease that ran out as a try', async () => {
    await given.ledger.due.ensure('stop', 'job', null);
    for (const tries of [0, 1, 2]) {
      expect(await claimOne()).toMatchObject({ tries });
      await expire();
    }
  });

  it('is given up without being begun where no process has ever come to its end', async () => {
    await given.ledger.due.ensure('stop', 'job', null);
    await sql`update due_work set tries = 2, lease_until = clock_timestamp() - interval '1 second'`.execute(
      db(),
    );
    const cause = await new Promise<Cause>((resolve, reject) => {
      const step: DueStep = {
        kind: 'stop',
        concurrency: 1,
        maxTries: 3,
        run: async () => reject(new Error('it was begun')),
        exhausted: async (work, why) => {
          await given.ledger.due.close(work, async () => undefined);
          resolve(why);
        },
      };
      const log = { warn: () => undefined, error: () => undefined };
      worker = new DueWorker(given.ledger.due, step, log);
      worker.start(given.ledger.notifications);
    });
    await worker?.stop(1_000);
    expect(cause).toMatchObject({
      code: 'internal_error',
      message: expect.stringContaining('3 times') as string,
    });
  });

  it('stays due when it was asked for again while it was being done', async () => {
    const { build } = await given.ledger.acceptBuild(acceptRequest());
    const [work] = await given.ledger.due.claim('prepare', 1);
    await sql`update due_work set wakes = wakes + 1 where key = ${build.build_id}`.execute(db());
    await given.ledger.due.close(work!, async () => undefined);
    expect(await given.ledger.due.claim('prepare', 1)).toHaveLength(1);
  });

  it('comes later after a failed try, and counts it', async () => {
    await given.ledger.due.ensure('stop', 'job', null);
    await given.ledger.due.failed(await claimOne(), {
      code: 'lost',
      message: 'm',
      hint: 'h',
      retryable: true,
    });
    expect(await given.ledger.due.claim('stop', 1)).toEqual([]);
    await sql`update due_work set due_at = clock_timestamp()`.execute(db());
    expect(await claimOne()).toMatchObject({ tries: 1 });
  });

  it('starts from the beginning for a wish that came while the work failed', async () => {
    await given.ledger.due.ensure('stop', 'job', null);
    const work = await claimOne();
    await sql`update due_work set wakes = wakes + 1, tries = 5`.execute(db());
    await given.ledger.due.failed(work, { code: 'lost', message: 'm', hint: 'h', retryable: true });
    expect(await claimOne()).toMatchObject({ tries: 0 });
  });

  it('survives a database that ends the connection in the middle of a transaction', async () => {
    const ended = given.ledger.database.transaction(async (tx) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
      await sql`select 1`.execute(tx);
    });
    await expect(ended).rejects.toThrow();
    await given.ledger.database.ping();
  });

  it('gives the context work of many tenants in turns', async () => {
    for (let n = 0; n < 4; n += 1)
      await given.ledger.acceptBuild(acceptRequest({ tenant: 'big', parser: `p${n}` }));
    await given.ledger.acceptBuild(acceptRequest({ tenant: 'small' }));
    const first = await given.ledger.due.claim('prepare', 2);
    expect(first.map((work) => work.key.split('-')[1]).sort()).toEqual(['big', 'small']);
  });
});
