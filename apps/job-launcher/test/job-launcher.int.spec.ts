import { sql } from 'kysely';
import { createLogger } from '@slipway/service-kit';
import { CONTEXT_ARCHIVE, DIGEST, queuedWithContext } from './given';
import { Launcher } from './launcher';
import { Reconcile } from '../src/reconcile/reconcile';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

describe('the launcher', () => {
  let given: TestLedger;
  let launcher: Launcher;

  beforeEach(async () => {
    given = await testLedger();
    launcher = new Launcher(given.ledger);
    launcher.contexts.leave('k', CONTEXT_ARCHIVE);
  });
  afterEach(() => given.close());

  const build = async (id: string) => (await given.ledger.builds.get(id))!;

  /** A build whose Job has been created. */
  async function launched(identity: string): Promise<{ id: string; job: string; image: string }> {
    const queued = await queuedWithContext(given.ledger, identity);
    const [attempt] = await launcher.claim();
    await launcher.drive();
    return { id: queued.build_id, job: attempt!.job_name, image: attempt!.image_uri };
  }

  it('takes a build from its slot to a verified success, keeps its log and frees the slot', async () => {
    const { id, job, image } = await launched('good');
    launcher.runner.progress(job, 'building');
    launcher.logs.write(job, 'step 1\n');
    await launcher.drive();
    expect(await build(id)).toMatchObject({ status: 'running', phase: 'building' });
    launcher.registry.hold(image, DIGEST);
    launcher.logs.write(job, 'done\n');
    launcher.logs.close(job);
    launcher.runner.end(job, { exitCode: 0, digest: DIGEST });
    await launcher.drive();
    expect(await build(id)).toMatchObject({
      status: 'succeeded',
      artifact: { digest: DIGEST },
      exit_code: 0,
    });
    expect((await given.ledger.logs.read(id, 1)).text).toBe('step 1\ndone\n');
    expect(await launcher.runner.list()).toEqual([]);
    expect(await given.ledger.slots.held('local')).toEqual([]);
  });

  it('does not believe in a digest that the registry does not hold, and tries again', async () => {
    const { id, job } = await launched('forged');
    launcher.logs.close(job);
    launcher.runner.end(job, { exitCode: 0, digest: DIGEST });
    await launcher.drive();
    expect(await build(id)).toMatchObject({ status: 'pending', phase: 'queued', artifact: null });
  });

  it('gives a build whose Job vanished another attempt, and fails it after the third', async () => {
    const { id } = await launched('lost');
    for (const attempt of [1, 2, 3]) {
      const current = (await given.ledger.slots.held('local'))[0]!;
      expect(current.attempt).toBe(attempt);
      launcher.runner.lose(current.job_name);
      await launcher.drive();
      await given.ledger.database.transaction(async (tx) => {
        await tx
          .updateTable('builds' as never)
          .set({ not_before: null } as never)
          .execute();
      });
      await launcher.claim();
      await launcher.drive();
    }
    expect(await build(id)).toMatchObject({ status: 'failed', cause: { code: 'lost' } });
  });

  it('ends a build that failed with what its output says', async () => {
    const { id, job } = await launched('bad');
    launcher.logs.close(job);
    launcher.runner.end(job, {
      exitCode: 1,
      tail: ['npm error code E404', 'npm error 404 Not Found - GET nothing'],
    });
    await launcher.drive();
    expect(await build(id)).toMatchObject({
      status: 'failed',
      exit_code: 1,
      cause: { code: 'dependency_install' },
    });
  });

  it('takes the Job of a cancelled build away and deploys nothing', async () => {
    const { id, job, image } = await launched('cancelled');
    launcher.registry.hold(image, DIGEST);
    await given.ledger.cancelBuild(id, { actor: 'test' });
    launcher.runner.end(job, { exitCode: 0, digest: DIGEST });
    await launcher.drive();
    expect(await build(id)).toMatchObject({ status: 'cancelled' });
    expect(await launcher.runner.list()).toEqual([]);
    expect((await given.ledger.due.claim('deploy', 10)).length).toBe(0);
  });

  it('takes away a Job whose build was cancelled while the Job was being created', async () => {
    const queued = await queuedWithContext(given.ledger, 'early');
    await launcher.claim();
    await given.ledger.cancelBuild(queued.build_id, { actor: 'test' });
    await launcher.drive();
    expect(await launcher.runner.list()).toEqual([]);
    expect(await given.ledger.slots.held('local')).toEqual([]);
  });

  it('builds anew what the registry has lost, instead of answering with it', async () => {
    const first = await launched('dropped');
    launcher.registry.hold(first.image, DIGEST);
    launcher.logs.close(first.job);
    launcher.runner.end(first.job, { exitCode: 0, digest: DIGEST });
    await launcher.drive();
    launcher.registry.drop(DIGEST);
    const second = await queuedWithContext(given.ledger, 'dropped');
    await launcher.drive();
    const claims = await launcher.claim();
    expect(claims.map((claim) => claim.build_id)).toEqual([second.build_id]);
  });

  it('counts a report that says something else than the Job, and lets the Job decide', async () => {
    const { id, job } = await launched('liar');
    const attempt = (await given.ledger.attempts.byJob(job))!.attempt;
    const claim = {
      buildId: id,
      attempt: 1,
      jobUid: attempt.job_uid!,
      report: { status: 'success' as const, digest: DIGEST },
    };
    const inbox = { queue: 'q', tenant: 'acme', source: 's', id: 'r' };
    expect(await given.ledger.attempts.report(inbox, claim)).toBe('recorded');
    expect(await given.ledger.attempts.report(inbox, { ...claim, jobUid: 'other' })).toBe('mismatch');
    expect(await given.ledger.attempts.report(inbox, { ...claim, attempt: 9 })).toBe('unknown');
    launcher.logs.close(job);
    launcher.runner.end(job, { exitCode: 2 });
    await launcher.drive();
    expect(launcher.refusedReports).toBe(1);
    expect((await build(id)).status).not.toBe('succeeded');
  });

  it('finds by comparing what no message told: foreign Jobs, claims without work, and builds past their time', async () => {
    const { id } = await launched('overdue');
    const findings: string[] = [];
    const foreign = { ...launcher.runner.specs[0]!, name: 'build-nobody' };
    await launcher.runner.start(foreign);
    await given.ledger.database.kysely.deleteFrom('due_work' as never).execute();
    await given.ledger.database.kysely
      .updateTable('build_attempts' as never)
      .set({ deadline_at: new Date(0) } as never)
      .execute();
    const reconcile = new Reconcile({
      ledger: given.ledger,
      runner: launcher.runner,
      platform: 'local',
      instance: 'spec',
      capacity: 10,
      intervalMs: 1_000_000,
      logger: createLogger({ name: 'spec', level: 'silent', format: 'json' }),
      onFinding: (finding) => findings.push(finding),
    });
    await reconcile.start();
    expect((await given.ledger.stats.read()).capacity).toBe(10);
    await reconcile.stop();
    expect((await given.ledger.stats.read()).capacity).toBeUndefined();
    expect(findings.sort()).toEqual(['claim_without_follow', 'job_without_claim', 'overdue']);
    // The Job goes on, so its log never ends; the wait for it does.
    await sql`update build_attempts set end_seen_at = end_seen_at - interval '1 minute'`.execute(
      given.ledger.database.kysely,
    );
    await launcher.drive();
    expect(await build(id)).toMatchObject({ status: 'failed', cause: { code: 'deadline' } });
    expect(await launcher.runner.list()).toEqual([]);
  });
});
