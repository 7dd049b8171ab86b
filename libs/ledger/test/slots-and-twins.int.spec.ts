import { claimed, LIMITS, queuedBuild, runningBuild, succeeded } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('slots and builds of the same content', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  it('gives tenants turns: one with many builds does not keep another waiting', async () => {
    for (let n = 0; n < 5; n += 1) await queuedBuild(given.ledger, `big-${n}`, { tenant: 'big' });
    const small = await queuedBuild(given.ledger, 'small-1', { tenant: 'small' });
    const claims = await given.ledger.slots.claim({ ...LIMITS, total: 2 });
    expect(claims.map((claim) => claim.tenant).sort()).toEqual(['big', 'small']);
    expect(claims.map((claim) => claim.build_id)).toContain(small.build_id);
  });

  it('puts a lower priority number first within a tenant', async () => {
    await queuedBuild(given.ledger, 'late', { request: { priority: 9 } });
    const urgent = await queuedBuild(given.ledger, 'urgent', { request: { priority: 1 } });
    const [claim] = await given.ledger.slots.claim({ ...LIMITS, total: 1 });
    expect(claim?.build_id).toBe(urgent.build_id);
  });

  it('keeps to the limits of the platform and of each tenant', async () => {
    for (let n = 0; n < 4; n += 1) await queuedBuild(given.ledger, `limit-${n}`);
    expect(await given.ledger.slots.claim({ ...LIMITS, total: 10, perTenant: 2 })).toHaveLength(2);
    expect(await given.ledger.slots.claim({ ...LIMITS, total: 3, perTenant: 10 })).toHaveLength(1);
    expect(await given.ledger.slots.claim({ ...LIMITS, total: 3, perTenant: 10 })).toHaveLength(0);
  });

  it('claims each slot once when many launchers look at the same time', async () => {
    for (let n = 0; n < 6; n += 1) await queuedBuild(given.ledger, `race-${n}`);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => given.ledger.slots.claim({ ...LIMITS, total: 4 })),
    );
    expect(claims.flat()).toHaveLength(4);
  });

  it('frees the slot when the Job is gone, not when the build ended', async () => {
    const of = await runningBuild(given.ledger, 'slot');
    await succeeded(given.ledger, of);
    await queuedBuild(given.ledger, 'next');
    expect(await given.ledger.slots.claim({ ...LIMITS, total: 1 })).toHaveLength(0);
    await given.ledger.attempts.gone(
      await claimed(given.ledger, 'stop', of.attempt.job_name),
      of.attempt.job_name,
      3,
    );
    expect(await given.ledger.slots.claim({ ...LIMITS, total: 1 })).toHaveLength(1);
  });

  it('gives a build whose Job was removed under it another attempt instead of leaving it running', async () => {
    const of = await runningBuild(given.ledger, 'removed');
    await given.ledger.due.ensure('stop', of.attempt.job_name, 'acme');
    await given.ledger.attempts.gone(
      await claimed(given.ledger, 'stop', of.attempt.job_name),
      of.attempt.job_name,
      3,
    );
    expect(await given.ledger.builds.get(of.build.build_id)).toMatchObject({
      status: 'pending',
      phase: 'queued',
    });
  });

  it('builds one of two equal contents and lets the other wait for it', async () => {
    const first = await queuedBuild(given.ledger, 'same');
    const second = await queuedBuild(given.ledger, 'same', { parser: 'twin' });
    const claims = await given.ledger.slots.claim(LIMITS);
    expect(claims.map((claim) => claim.build_id)).toEqual([first.build_id]);
    expect(await given.ledger.builds.queuePlace(second)).toEqual({ waiting_for: first.build_id });
  });

  it('ends a waiting twin as reused when the first has succeeded', async () => {
    const of = await runningBuild(given.ledger, 'shared');
    const twin = await queuedBuild(given.ledger, 'shared', { parser: 'twin' });
    await succeeded(given.ledger, of);
    const built = (await given.ledger.preparation.builtBefore('shared'))!;
    const waiters = await given.ledger.coalescing.waiters('shared');
    await given.ledger.coalescing.reuse(await claimed(given.ledger, 'settle', 'shared'), waiters, built);
    const ended = await given.ledger.builds.get(twin.build_id);
    expect(ended).toMatchObject({
      status: 'succeeded',
      reused: true,
      reused_from: of.build.build_id,
      attempt: 0,
    });
  });

  it('ends a waiting twin with the lasting failure of the first, but not one that came later', async () => {
    const of = await runningBuild(given.ledger, 'broken');
    const twin = await queuedBuild(given.ledger, 'broken', { parser: 'twin' });
    const cause = {
      code: 'dependency_install' as const,
      message: 'no such package',
      hint: 'h',
      retryable: false,
    };
    await given.ledger.attempts.endSeen(of.attempt, { status: 'failed', cause });
    await given.ledger.attempts.fail(
      await claimed(given.ledger, 'verify', of.attempt.job_name),
      of,
      cause,
      1,
    );
    const later = await queuedBuild(given.ledger, 'broken', { parser: 'later' });
    const waiters = await given.ledger.coalescing.waiters('broken');
    const work = await claimed(given.ledger, 'settle', 'broken');
    await given.ledger.coalescing.shareFailure(work, waiters, String(work.payload['failed']));
    expect((await given.ledger.builds.get(twin.build_id))?.cause).toMatchObject({
      shared_from: of.build.build_id,
    });
    expect((await given.ledger.builds.get(later.build_id))?.status).toBe('pending');
  });

  it('builds a forced build although the content is known', async () => {
    await succeeded(given.ledger, await runningBuild(given.ledger, 'forced'));
    for (const work of await given.ledger.due.claim('stop', 10))
      await given.ledger.attempts.gone(work, work.key, 3);
    const forced = await queuedBuild(given.ledger, 'forced', { request: { force_rebuild: true } });
    expect((await given.ledger.slots.claim(LIMITS)).map((claim) => claim.build_id)).toEqual([
      forced.build_id,
    ]);
  });

  it('sends a build whose failure may pass back into the queue as another attempt', async () => {
    const of = await runningBuild(given.ledger, 'retry');
    const cause = { code: 'lost' as const, message: 'gone', hint: 'h', retryable: true };
    await given.ledger.attempts.endSeen(of.attempt, { status: 'failed', cause });
    await given.ledger.attempts.retry(
      await claimed(given.ledger, 'verify', of.attempt.job_name),
      of,
      cause,
      0,
    );
    for (const work of await given.ledger.due.claim('stop', 10))
      await given.ledger.attempts.gone(work, work.key, 3);
    const [again] = await given.ledger.slots.claim(LIMITS);
    expect(again).toMatchObject({
      build_id: of.build.build_id,
      attempt: 2,
      job_name: `${of.build.build_id}-2`,
    });
  });
});
