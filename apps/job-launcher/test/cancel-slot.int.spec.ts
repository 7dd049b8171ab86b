import { createLogger } from '@slipway/service-kit';
import { beforeNextCall } from './before-next-call';
import { CancelSetting, NOTHING } from './cancel-setting';
import { queuedWithContext } from './given';
import { Reconcile } from '../src/reconcile/reconcile';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

describe('the slot and the Job of a cancelled build', () => {
  let given: TestLedger;
  let setting: CancelSetting;

  beforeEach(async () => {
    given = await testLedger();
    setting = await CancelSetting.create(given.ledger);
  });
  afterEach(() => given.close());

  async function reconcileOnce(): Promise<string[]> {
    const findings: string[] = [];
    const reconcile = new Reconcile({
      ledger: given.ledger,
      runner: setting.launcher.runner,
      platform: 'local',
      instance: 'spec',
      capacity: 1,
      intervalMs: 1_000_000,
      logger: createLogger({ name: 'spec', level: 'silent', format: 'json' }),
      onFinding: (finding) => findings.push(finding),
    });
    await reconcile.start();
    await reconcile.stop();
    return findings;
  }

  /** Platforms on which a Job does not go at once. */
  const SLOWNESS: Record<string, () => Promise<void>> = {
    refuses: () => Promise.reject(new Error('the platform is away')),
    'takes its time': () => Promise.resolve(),
  };

  it.each(Object.entries(SLOWNESS))('stay its own while the platform %s', async (_platform, slowly) => {
    const { launcher } = setting;
    const attempt = await setting.started();
    const next = await queuedWithContext(given.ledger, 'next');
    await setting.cancel(attempt.build_id);
    const { stop } = launcher.runner;
    launcher.runner.stop = slowly;
    await launcher.drive();
    expect([await setting.jobs(), await setting.held()]).toEqual([[attempt.job_name], [attempt.job_name]]);
    expect(await setting.claim()).toEqual([]);
    launcher.runner.stop = stop;
    await launcher.drive();
    expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
    expect(await setting.claim()).toMatchObject([{ build_id: next.build_id }]);
  });

  it('go, where the Job is created after everything of the build was taken away', async () => {
    const { launcher } = setting;
    const attempt = await setting.claimed();
    beforeNextCall(launcher.runner, 'start', async () => {
      await setting.cancel(attempt.build_id);
      await launcher.drive();
    });
    await launcher.drive();
    expect(launcher.runner.specs).toHaveLength(1);
    expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
  });

  it('go, where the launcher died before it could record the Job that it created too late', async () => {
    const { launcher } = setting;
    const attempt = await setting.claimed();
    beforeNextCall(launcher.runner, 'start', async (spec) => {
      await setting.cancel(attempt.build_id);
      await launcher.drive();
      await launcher.runner.start(spec);
      throw new Error('killed');
    });
    await launcher.drive();
    expect([await setting.jobs(), await setting.held()]).toEqual([[attempt.job_name], []]);
    expect(await reconcileOnce()).toEqual(['job_without_claim']);
    await launcher.drive();
    expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
  });

  it('are found by comparing, where the work to end the Job is lost', async () => {
    const { launcher } = setting;
    const attempt = await setting.started();
    await setting.cancel(attempt.build_id);
    for (const work of await given.ledger.due.claim('stop', 10))
      await given.ledger.due.close(work, async () => undefined);
    expect(await reconcileOnce()).toEqual(['job_of_ended_attempt']);
    await launcher.drive();
    expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
  });

  it('leave the build of the same content that waited to build for itself', async () => {
    const { launcher } = setting;
    const attempt = await setting.started('same');
    const twin = await queuedWithContext(given.ledger, 'same');
    await setting.cancel(attempt.build_id);
    await launcher.drive();
    const [claim] = await setting.claim();
    expect(claim).toMatchObject({ build_id: twin.build_id });
    await launcher.drive();
    setting.succeed(claim!);
    await launcher.drive();
    expect(await given.ledger.builds.mustGet(twin.build_id)).toMatchObject({
      status: 'succeeded',
      reused: false,
    });
  });
});
