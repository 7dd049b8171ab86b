import { CANCELLED, LIVE_PHASES, takeJobsAway, traceOf } from './cancel-phases';
import { acceptRequest, claimed, LIMITS, queuedBuild, runningBuild, succeeded } from './given';
import { testLedger, type TestLedger } from './test-ledger';

const inbox = (id: string) => ({ queue: 'lambda-build-cancels', tenant: 'acme', source: 's', id });

describe('cancelling a build', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  const build = (id: string) => given.ledger.builds.mustGet(id);

  describe.each(Object.entries(LIVE_PHASES))('%s', (_phase, bring) => {
    it('ends it with one event, answers again the same, and leaves nothing to deploy', async () => {
      const id = await bring(given.ledger, 'greet');
      const first = await given.ledger.cancelBuild(id, { actor: 'api', reason: 'no need' });
      expect(first).toMatchObject({
        status: 'cancelled',
        phase: 'done',
        completed_at: expect.any(Date) as Date,
      });
      expect(await given.ledger.cancelBuild(id, { actor: 'amqp', reason: 'other' })).toEqual(first);
      expect(await traceOf(given.ledger, id)).toEqual(CANCELLED);
      expect((await given.ledger.builds.history(id)).at(-1)).toMatchObject({
        type: 'build.cancelled',
        actor: 'api',
        detail: { reason: 'no need' },
      });
    });

    it('gives one answer to events and requests that come at the same time', async () => {
      const { ledger } = given;
      const id = await bring(ledger, 'greet');
      const [byFunction, ...answers] = await Promise.all([
        ledger.cancelFunctionBuilds(inbox('1'), { tenant: 'acme', parser: 'greet' }, { actor: 'amqp' }),
        ...['api', 'amqp', 'api', 'amqp'].map((actor) => ledger.cancelBuild(id, { actor })),
      ]);
      const cancelled = await build(id);
      for (const answer of [...byFunction, ...answers]) expect(answer).toEqual(cancelled);
      expect(await traceOf(ledger, id)).toEqual(CANCELLED);
    });

    it('frees its slot when its Job is gone, and never gives it another', async () => {
      const { ledger } = given;
      const id = await bring(ledger, 'greet');
      const held = (await ledger.slots.held('local')).map((attempt) => attempt.job_name);
      await ledger.cancelBuild(id, { actor: 'api' });
      expect((await ledger.slots.held('local')).map((attempt) => attempt.job_name)).toEqual(held);
      expect(await takeJobsAway(ledger)).toEqual(held);
      const next = await queuedBuild(ledger, 'next', { parser: 'next' });
      const claims = await ledger.slots.claim({ ...LIMITS, total: 1 });
      expect(claims.map((claim) => claim.build_id)).toEqual([next.build_id]);
      expect(await traceOf(ledger, id)).toEqual(CANCELLED);
    });
  });
});

describe('a cancel that comes after the end', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  const CAUSE = { code: 'build_command' as const, message: 'm', hint: 'h', retryable: false };

  const ENDS: Record<string, () => Promise<string>> = {
    succeeded: async () => (await succeeded(given.ledger, await runningBuild(given.ledger, 'one')))!.build_id,
    failed: async () => {
      const of = await runningBuild(given.ledger, 'one');
      await given.ledger.attempts.endSeen(of.attempt, { status: 'failed', cause: CAUSE });
      const work = await claimed(given.ledger, 'verify', of.attempt.job_name);
      return (await given.ledger.attempts.fail(work, of, CAUSE, 1))!.build_id;
    },
    refused: async () => {
      const { build } = await given.ledger.acceptBuild(acceptRequest());
      const work = await claimed(given.ledger, 'prepare', build.build_id);
      return (await given.ledger.preparation.refuse(work, build.build_id, CAUSE))!.build_id;
    },
    reused: async () => {
      await succeeded(given.ledger, await runningBuild(given.ledger, 'one'));
      const built = (await given.ledger.preparation.builtBefore('one'))!;
      const { build } = await given.ledger.acceptBuild(acceptRequest());
      const work = await claimed(given.ledger, 'prepare', build.build_id);
      return (await given.ledger.preparation.reuse(work, build, built, 'nodejs24'))!.build_id;
    },
  };

  it.each(Object.entries(ENDS))('is refused and changes nothing of a build that %s', async (_end, end) => {
    const { ledger } = given;
    const id = await end();
    const before = [await ledger.builds.mustGet(id), await traceOf(ledger, id)];
    await expect(ledger.cancelBuild(id, { actor: 'api' })).rejects.toMatchObject({ code: 'build_terminal' });
    const ids = { tenant: 'acme', parser: 'greet' };
    expect(await ledger.cancelFunctionBuilds(inbox('1'), ids, { actor: 'amqp' })).toEqual([]);
    expect([await ledger.builds.mustGet(id), await traceOf(ledger, id)]).toEqual(before);
  });
});

describe('builds that wait for a cancelled one', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  it('build for themselves as soon as its Job is gone, under their own limits', async () => {
    const { ledger } = given;
    const first = await runningBuild(ledger, 'same');
    const twin = await queuedBuild(ledger, 'same', { parser: 'twin', request: { build_timeout: 60 } });
    await ledger.cancelBuild(first.build.build_id, { actor: 'api' });
    expect(await ledger.slots.claim(LIMITS)).toEqual([]);
    await takeJobsAway(ledger);
    const [claim] = await ledger.slots.claim(LIMITS);
    expect(claim).toMatchObject({ build_id: twin.build_id, attempt: 1 });
    expect(Math.round((claim!.deadline_at.getTime() - claim!.created_at.getTime()) / 1000)).toBe(60);
  });

  it('take its place where it was waiting too', async () => {
    const { ledger } = given;
    const first = await queuedBuild(ledger, 'same');
    const twin = await queuedBuild(ledger, 'same', { parser: 'twin' });
    await ledger.cancelBuild(first.build_id, { actor: 'api' });
    expect(await ledger.slots.claim(LIMITS)).toMatchObject([{ build_id: twin.build_id }]);
  });
});
