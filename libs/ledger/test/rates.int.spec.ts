import { sql } from 'kysely';
import type { RateLimits } from '../src';
import { acceptRequest, LIMITS, queuedBuild } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('how often something may begin', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  async function pass(seconds: number): Promise<void> {
    await sql`update rates set at = at - ${seconds} * interval '1 second'`.execute(
      given.ledger.database.kysely,
    );
  }

  async function queue(tenant: string, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await queuedBuild(given.ledger, `${tenant}-${n}`, { tenant });
  }

  async function startedBy(rates: RateLimits): Promise<string[]> {
    const claims = await given.ledger.slots.claim({ ...LIMITS, rates });
    return claims.map(({ tenant }) => tenant).sort();
  }

  it('delays the Jobs of a tenant above its rate, and nobody else, and drops none', async () => {
    await queue('fast', 4);
    await queue('slow', 1);
    const rates = { perMinutePerTenant: 2 };
    expect(await startedBy(rates)).toEqual(['fast', 'fast', 'slow']);
    expect(await startedBy(rates)).toEqual([]);
    await pass(30);
    expect(await startedBy(rates)).toEqual(['fast']);
    await pass(30);
    expect(await startedBy(rates)).toEqual(['fast']);
    expect(await startedBy({})).toEqual([]);
  });

  it('delays the Jobs of all above the common rate, each tenant in its turn', async () => {
    await queue('fast', 4);
    await queue('slow', 1);
    expect(await startedBy({ perMinute: 2 })).toEqual(['fast', 'slow']);
    await pass(60);
    expect(await startedBy({ perMinute: 2 })).toEqual(['fast', 'fast']);
  });

  it('lets no more begin after an hour of rest than in a minute', async () => {
    await queue('fast', 4);
    expect(await startedBy({ perMinute: 2 })).toHaveLength(2);
    await pass(3600);
    expect(await startedBy({ perMinute: 2 })).toHaveLength(2);
  });

  it('delays work on contexts in the same way, whoever of several claims it', async () => {
    for (const tenant of ['fast', 'fast', 'fast', 'slow'])
      await given.ledger.acceptBuild(acceptRequest({ tenant }));
    const rates = { perMinutePerTenant: 2 };
    const claims = await Promise.all([1, 2, 3].map(() => given.ledger.due.claim('prepare', 4, rates)));
    expect(claims.flat()).toHaveLength(3);
    await pass(30);
    expect(await given.ledger.due.claim('prepare', 4, rates)).toHaveLength(1);
  });
});
