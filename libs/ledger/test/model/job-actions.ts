import { SlipwayError, causeOf } from '@slipway/domain';
import type { AttemptReport } from '../../src';
import { currentAttempt, type AttemptState } from './ledger-state';
import { buildOf, idOf, inboxOf, promised, wasHandled, type Action, type Name, type System } from './system';

/** How a Job may end. */
export type Ending = 'well' | 'unverified' | 'passing' | 'lasting' | 'vanished';

const PASSING = causeOf(new SlipwayError('lost', 'The builder vanished.'));
const LASTING = causeOf(new SlipwayError('dependency_install', 'There is no such package.'));

/** What the Job pushes when it ends well. */
export function digestOf(jobName: string): string {
  return `sha256:${jobName}`;
}

function endOf({ job_name: job }: AttemptState, ending: Ending): AttemptReport {
  if (ending === 'well') return { status: 'success', digest: digestOf(job) };
  if (ending === 'unverified') return { status: 'success', digest: 'sha256:unverified' };
  return { status: 'failed', cause: ending === 'lasting' ? LASTING : PASSING, exit_code: 1 };
}

function runningJob({ state, world }: System, name: Name): AttemptState | undefined {
  const attempt = currentAttempt(state, idOf(name));
  return attempt && world.jobs.get(attempt.job_name) === 'running' ? attempt : undefined;
}

/** A Job ends on the platform, which the ledger does not know yet. */
export function jobEnds(name: Name, ending: Ending): Action {
  return {
    name: `Job of ${name} ends ${ending}`,
    possible: (system) => runningJob(system, name) !== undefined,
    run: async (system) => {
      const attempt = runningJob(system, name)!;
      const { jobs, registry } = system.world;
      if (ending === 'well') registry.set(attempt.image_uri, digestOf(attempt.job_name));
      if (ending === 'vanished') jobs.delete(attempt.job_name);
      else jobs.set(attempt.job_name, endOf(attempt, ending));
    },
  };
}

/** The launcher sees that a running Job has come further. */
export function jobBuilds(name: Name): Action {
  return {
    name: `Job of ${name} builds`,
    possible: (system) =>
      runningJob(system, name) !== undefined && buildOf(system, name)?.phase === 'starting',
    run: async (system) => {
      const of = await system.ledger.attempts.byJob(runningJob(system, name)!.job_name);
      promised((await system.ledger.attempts.progress(of!, 'building')) !== undefined, 'I8 a phase goes on');
    },
  };
}

/** The sidecar of the build's newest attempt claims an end, and may claim it again. A claim alone ends nothing. */
export function reports(name: Name, ending: Ending): Action {
  return {
    name: `sidecar of ${name} reports ${ending}`,
    possible: ({ state }) => currentAttempt(state, idOf(name)) !== undefined,
    run: (system) => report(system, currentAttempt(system.state, idOf(name))!, ending),
  };
}

/** The sidecar of the first attempt speaks when there is a second. */
export function reportsLate(name: Name, ending: Ending): Action {
  return {
    name: `first sidecar of ${name} reports ${ending}`,
    possible: ({ state }) => (currentAttempt(state, idOf(name))?.attempt ?? 0) > 1,
    run: async (system) => {
      const first = system.state.attempts.find((attempt) => attempt.build_id === idOf(name))!;
      const answer = await report(system, first, ending);
      promised(answer === 'nothing', 'I2 what an older attempt says counts for nothing');
      return answer;
    },
  };
}

async function report(
  { ledger, state }: System,
  attempt: AttemptState,
  ending: Ending,
): Promise<'nothing' | void> {
  const id = `${attempt.job_name}/${ending}`;
  const verdict = await ledger.attempts.report(inboxOf(id), {
    buildId: attempt.build_id,
    attempt: attempt.attempt,
    jobUid: `uid-${attempt.job_name}`,
    report: endOf(attempt, ending),
  });
  const over = attempt.ended || wasHandled(state, id);
  promised(verdict === (over ? 'stale' : 'recorded'), `I5 a report was ${verdict}`);
  return over ? 'nothing' : undefined;
}
