import type { AttemptRow } from '@slipway/ledger';
import { beforeNextCall } from './before-next-call';
import { CancelSetting, NOTHING } from './cancel-setting';
import { DIGEST } from './given';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

describe('a build that is cancelled', () => {
  let given: TestLedger;
  let setting: CancelSetting;

  beforeEach(async () => {
    given = await testLedger();
    setting = await CancelSetting.create(given.ledger);
  });
  afterEach(() => given.close());

  async function inPhase(phase: 'building' | 'pushing'): Promise<AttemptRow> {
    const attempt = await setting.started();
    setting.launcher.runner.progress(attempt.job_name, phase);
    await setting.launcher.drive();
    return attempt;
  }

  const STAGES: Record<string, () => Promise<AttemptRow>> = {
    'with a slot and no Job yet': () => setting.claimed(),
    'while its Job starts': () => setting.started(),
    'while it builds': () => inPhase('building'),
    'while it pushes': () => inPhase('pushing'),
    'while the end of its log is awaited': async () => {
      const attempt = await setting.started();
      setting.succeed(attempt, 'open');
      await setting.launcher.drive();
      return attempt;
    },
  };

  it.each(Object.entries(STAGES))('%s, stays so although its Job succeeds', async (_stage, arrive) => {
    const attempt = await arrive();
    await setting.cancel(attempt.build_id);
    // A cancel is an entry in the ledger: until the launcher comes to end it, the Job goes on.
    if ((await setting.jobs()).length > 0) setting.succeed(attempt);
    const claim = {
      buildId: attempt.build_id,
      attempt: 1,
      jobUid: (await given.ledger.attempts.byJob(attempt.job_name))!.attempt.job_uid ?? 'uid-1',
      report: { status: 'success' as const, digest: DIGEST },
    };
    const inbox = { queue: 'q', tenant: 'acme', source: 's', id: 'late' };
    expect(await given.ledger.attempts.report(inbox, claim)).toBe('stale');
    await setting.launcher.drive();
    expect(await setting.claim()).toEqual([]);
    expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
  });

  /** What a step asks between reading the ledger and writing to it, of a build that is about to succeed. */
  const INSTANTS: Record<string, (act: () => Promise<unknown>) => void> = {
    'its log is read': (act) => beforeNextCall(setting.launcher.logs, 'read', act),
    'its Job is looked at': (act) => beforeNextCall(setting.launcher.runner, 'get', act),
    'the registry is asked for its digest': (act) =>
      beforeNextCall(setting.launcher.registry, 'digestOf', act),
  };

  it.each(Object.entries(INSTANTS))('at the instant at which %s, does not succeed', async (_name, at) => {
    const attempt = await setting.started();
    setting.succeed(attempt);
    at(() => setting.cancel(attempt.build_id));
    await setting.launcher.drive();
    expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
  });

  it.each(Object.entries(INSTANTS))(
    'and taken away at the instant at which %s, is not missed',
    async (_name, at) => {
      const attempt = await setting.started();
      setting.succeed(attempt);
      at(async () => {
        await setting.cancel(attempt.build_id);
        await setting.launcher.drive();
      });
      await setting.launcher.drive();
      expect(await setting.remains(attempt.build_id)).toEqual(NOTHING);
      expect(setting.launcher.runner.specs).toHaveLength(1);
    },
  );
});
