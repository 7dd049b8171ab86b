import {
  SlipwayError,
  causeOf,
  type BuildRunner,
  type Builder,
  type Cause,
  type ContainerEnd,
} from '@slipway/domain';
import type { Again, AttemptOfBuild, AttemptReport, DueStep, Ledger, LeasedWork } from '@slipway/ledger';
import { isLive } from '../launch-job/launch-job';
import type { CaptureLog } from './capture-log';

export interface FollowJobPorts {
  ledger: Ledger;
  runner: BuildRunner;
  capture: CaptureLog;
  builderNamed: (name: string) => Builder;
}

const LOOK_MS = 500;
const LAST_LOOK_MS = 100;

/** What a Job's end means, in the builder's own reading. */
function endReport(builder: Builder, end: ContainerEnd): AttemptReport {
  const outcome = builder.outcome(end);
  const exit = end.exitCode === undefined ? {} : { exit_code: end.exitCode };
  return outcome.status === 'success'
    ? { status: 'success', digest: outcome.digest, runtime: outcome.runtime, ...exit }
    : { status: outcome.status, cause: outcome.cause, ...exit };
}

/** Due work `follow`: captures the log and the phases of a Job until it has ended and its log is complete. */
export class FollowJob implements DueStep {
  readonly kind = 'follow';
  readonly concurrency = 16;
  readonly maxTries = Infinity;

  constructor(private readonly ports: FollowJobPorts) {}

  async run(work: LeasedWork): Promise<Again | void> {
    const { ledger, runner, capture } = this.ports;
    const of = await ledger.attempts.byJob(work.key);
    if (!of || of.attempt.gone_at) return ledger.due.close(work, async () => undefined);
    // A report may come before the Job's creation is recorded; until then there is nothing to look at.
    if (of.attempt.job_uid === null && isLive(of)) return { againMs: LOOK_MS };
    const complete = await capture.pull(of.attempt);
    const state = await runner.get(work.key);
    if (!state) return this.vanished(work, of);
    if (!state.end) {
      await this.moveOn(of, state.phase);
      return { againMs: LOOK_MS };
    }
    if (isLive(of))
      await ledger.attempts.endSeen(
        of.attempt,
        endReport(this.ports.builderNamed(of.build.builder), state.end),
      );
    // The output that came between the first read and the look at the state is read before the log counts as complete.
    if (!complete) return { againMs: LAST_LOOK_MS };
    await ledger.attempts.logComplete(work, of.attempt);
  }

  private async moveOn(of: AttemptOfBuild, phase: string): Promise<void> {
    if (phase !== 'building' && phase !== 'pushing') return;
    if (!isLive(of) || of.build.phase === phase) return;
    await this.ports.ledger.attempts.progress(of, phase);
  }

  /** Gone without having been asked to go: whoever removed it, its outcome cannot be known any more. */
  private async vanished(work: LeasedWork, of: AttemptOfBuild): Promise<void> {
    if (isLive(of)) {
      const cause = causeOf(new SlipwayError('lost', `The Job ${of.attempt.job_name} is gone.`));
      await this.ports.ledger.attempts.endSeen(of.attempt, { status: 'failed', cause });
    }
    await this.ports.ledger.attempts.logComplete(work, of.attempt);
  }

  /** Never reached: following has no last try. */
  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    await this.ports.ledger.due.failed(work, cause);
  }
}
