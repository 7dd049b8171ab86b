import { sql } from 'kysely';
import { acceptRequest, queuedBuild, runningBuild, startEvent, succeeded } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('accepting and cancelling builds', () => {
  let given: TestLedger;
  beforeAll(async () => {
    given = await testLedger();
  });
  afterAll(() => given.close());

  async function eventsOf(buildId: string): Promise<string[]> {
    const { rows } = await sql<{ key: string }>`select routing_key as key from outbox
      where event ->> 'id' like ${`${buildId}/%`} order by id`.execute(given.ledger.database.kysely);
    return rows.map((row) => row.key.replace('network.notifi.lambda.', ''));
  }

  it('records the build, its history, its event and its first work in one commit', async () => {
    const { build, duplicate } = await given.ledger.acceptBuild(acceptRequest());
    expect(duplicate).toBe(false);
    expect(build).toMatchObject({
      status: 'pending',
      phase: 'accepted',
      version: 1,
      sequence: expect.any(Number) as number,
    });
    expect(await eventsOf(build.build_id)).toEqual(['build.accepted']);
    expect((await given.ledger.builds.history(build.build_id)).map((entry) => entry.type)).toEqual([
      'build.accepted',
    ]);
    const due = await given.ledger.due.claim('prepare', 100);
    expect(due.map((work) => work.key)).toContain(build.build_id);
  });

  it('answers the same event a hundred times at once with one build', async () => {
    const event = startEvent({ subject: 'once' });
    const request = acceptRequest({ event, parser: 'once' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => given.ledger.acceptBuild(request)));
    expect(new Set(answers.map((answer) => answer.build.build_id)).size).toBe(1);
    expect(answers.filter((answer) => !answer.duplicate)).toHaveLength(1);
    expect(await eventsOf(answers[0]!.build.build_id)).toEqual(['build.accepted']);
  });

  it('refuses another content under a used id', async () => {
    const request = acceptRequest();
    await given.ledger.acceptBuild(request);
    const other = { ...request, event: { ...request.event, data: { runtime: 'go' } } };
    await expect(given.ledger.acceptBuild(other)).rejects.toMatchObject({ code: 'event_id_reused' });
  });

  it('does not let the same id of two tenants meet', async () => {
    const event = startEvent({ id: 'shared', source: 'rabbitmq' });
    const one = await given.ledger.acceptBuild(acceptRequest({ event }));
    const two = await given.ledger.acceptBuild(acceptRequest({ event, tenant: 'other' }));
    expect(two.duplicate).toBe(false);
    expect(two.build.build_id).not.toBe(one.build.build_id);
  });

  it('cancels a waiting build once, answers again the same, and writes one end', async () => {
    const { build } = await given.ledger.acceptBuild(acceptRequest());
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        given.ledger.cancelBuild(build.build_id, { actor: 'test', reason: 'no need' }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.version))).toEqual(new Set([2]));
    expect(await eventsOf(build.build_id)).toEqual(['build.accepted', 'build.cancelled']);
  });

  it('asks the launcher to take the Job of a cancelled build away', async () => {
    const of = await runningBuild(given.ledger, 'cancel-running');
    await given.ledger.cancelBuild(of.build.build_id, { actor: 'test' });
    const stops = await given.ledger.due.claim('stop', 100);
    expect(stops.map((work) => work.key)).toContain(of.attempt.job_name);
  });

  it('refuses to cancel a build that has succeeded, and keeps the success', async () => {
    const of = await runningBuild(given.ledger, 'cancel-late');
    await succeeded(given.ledger, of);
    await expect(given.ledger.cancelBuild(of.build.build_id, { actor: 'test' })).rejects.toMatchObject({
      code: 'build_terminal',
    });
    expect((await given.ledger.builds.get(of.build.build_id))?.status).toBe('succeeded');
  });

  it('never lets a cancelled build become succeeded', async () => {
    const of = await runningBuild(given.ledger, 'success-late');
    await given.ledger.attempts.endSeen(of.attempt, { status: 'success', digest: 'sha256:1' });
    await given.ledger.cancelBuild(of.build.build_id, { actor: 'test' });
    const [work] = (await given.ledger.due.claim('verify', 100)).filter(
      (item) => item.key === of.attempt.job_name,
    );
    const artifact = { kind: 'image' as const, uri: 'u', digest: 'sha256:1' };
    expect(await given.ledger.attempts.succeed(work!, of, artifact)).toBeUndefined();
    expect((await given.ledger.builds.get(of.build.build_id))?.status).toBe('cancelled');
  });

  it('keeps a cause with characters that the database does not hold', async () => {
    const of = await runningBuild(given.ledger, 'nul');
    const cause = { code: 'build_command' as const, message: 'a\0b\ud800', hint: 'h', retryable: false };
    await given.ledger.attempts.endSeen(of.attempt, { status: 'failed', cause });
    const [work] = (await given.ledger.due.claim('verify', 100)).filter(
      (item) => item.key === of.attempt.job_name,
    );
    await given.ledger.attempts.fail(work!, of, cause, 1);
    expect((await given.ledger.builds.get(of.build.build_id))?.cause?.message).toBe('a\uFFFDb\uFFFD');
  });

  it('fails for an id that no build has', async () => {
    await expect(given.ledger.cancelBuild('build-x', { actor: 'test' })).rejects.toMatchObject({
      code: 'unknown_build',
    });
  });

  it('cancels every live build of a function', async () => {
    const ids = { tenant: 'acme', parser: 'all' };
    const one = await queuedBuild(given.ledger, 'all-1', { parser: 'all' });
    const two = await given.ledger.acceptBuild(acceptRequest({ parser: 'all' }));
    const inbox = { queue: 'q', tenant: 'acme', source: 's', id: 'cancel-all' };
    const cancelled = await given.ledger.cancelFunctionBuilds(inbox, ids, { actor: 'test' });
    expect(cancelled.map((build) => build.build_id).sort()).toEqual(
      [one.build_id, two.build.build_id].sort(),
    );
    // The same wish once more must not touch what was accepted since.
    await given.ledger.acceptBuild(acceptRequest({ parser: 'all' }));
    expect(await given.ledger.cancelFunctionBuilds(inbox, ids, { actor: 'test' })).toEqual([]);
  });
});
