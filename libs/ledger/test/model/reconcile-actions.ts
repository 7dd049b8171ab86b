import { SlipwayError, causeOf } from '@slipway/domain';
import type { Ledger } from '../../src';
import { LIMITS } from '../given';
import type { Action } from './system';
import type { World } from './world';

/** Longer than a build may take. */
const DEADLINE_SECONDS = 3_600;
const GRACE_SECONDS = 15;

/** The time limit of all that runs passes, and the launcher's own clock finds it. */
export const deadlinePasses: Action = {
  name: 'deadline passes',
  possible: ({ state }) =>
    state.attempts.some((attempt) => !attempt.ended && !attempt.end && !attempt.overdue),
  run: async ({ ledger, model }) => {
    await model.pass(DEADLINE_SECONDS);
    for (const attempt of await ledger.attempts.overdue(LIMITS.platform, GRACE_SECONDS)) {
      const cause = causeOf(new SlipwayError('deadline', 'The build did not end within its time limit.'));
      await ledger.attempts.endSeen(attempt, { status: 'timeout', cause });
    }
  },
};

/** The launcher compares the ledger with the platform. */
export const reconcile: Action = {
  name: 'reconcile',
  possible: ({ state }) => state.attempts.length > 0,
  run: async ({ ledger, world }) => {
    await jobsWithoutClaim(ledger, world);
    await claimsWithoutWork(ledger);
    for (const { identity, tenant } of await ledger.coalescing.unsettled(LIMITS.platform)) {
      await ledger.due.ensure('settle', identity, tenant);
    }
  },
};

async function jobsWithoutClaim(ledger: Ledger, world: World): Promise<void> {
  for (const job of world.jobs.keys()) {
    const of = await ledger.attempts.byJob(job);
    if (!of || of.attempt.ended_at) await ledger.due.ensure('stop', job, of?.build.tenant ?? null);
  }
}

async function claimsWithoutWork(ledger: Ledger): Promise<void> {
  for (const attempt of await ledger.slots.held(LIMITS.platform)) {
    const kind = attempt.ended_at ? 'stop' : attempt.job_uid === null ? 'launch' : 'follow';
    const wanted = kind === 'follow' && attempt.log_complete ? 'verify' : kind;
    await ledger.due.ensure(wanted, attempt.job_name, attempt.tenant);
  }
}
