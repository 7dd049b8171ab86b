import {
  reach,
  type BuildRunner,
  type Builder,
  type Cause,
  type ContextStores,
  type JobSpec,
} from '@slipway/domain';
import type { Again, AttemptOfBuild, DueStep, Ledger, LeasedWork } from '@slipway/ledger';
import { inSpan } from '@slipway/service-kit';
import type { FinishAttempt } from '../verify-build/finish-attempt';

export interface LaunchJobPorts {
  ledger: Ledger;
  runner: BuildRunner;
  contexts: ContextStores;
  builderNamed: (name: string) => Builder;
  finish: FinishAttempt;
  memoryBytes: number;
  monitorIntervalSeconds: number;
}

/** Time that a grant outlives the build's own limit, for a Job that starts slowly. */
const GRANT_MARGIN_SECONDS = 600;

/** Due work `launch`: creates the Job of a claimed slot. Creating it again adopts the one that exists. */
export class LaunchJob implements DueStep {
  readonly kind = 'launch';
  readonly concurrency = 4;
  readonly maxTries = 8;

  constructor(private readonly ports: LaunchJobPorts) {}

  async run(work: LeasedWork): Promise<Again | void> {
    const { ledger, runner } = this.ports;
    const claimed = await ledger.attempts.byJob(work.key);
    if (!claimed || !isLive(claimed)) return ledger.due.close(work, async () => undefined);
    const { uid } = await inSpan('launch job', claimed.build.traceparent, {}, async () =>
      runner.start(await this.specOf(claimed)),
    );
    reach('launch.after-create-before-record');
    await ledger.attempts.launched(work, claimed, uid);
    // A build that was cancelled while its Job was being created has asked for its end before there was anything to end.
    const after = await ledger.attempts.byJob(work.key);
    if (!after || !isLive(after)) await ledger.due.ensure('stop', work.key, claimed.build.tenant);
  }

  private async specOf({ build, attempt }: AttemptOfBuild): Promise<JobSpec> {
    const { contexts, builderNamed, memoryBytes, monitorIntervalSeconds } = this.ports;
    const container = builderNamed(build.builder).container({ imageUri: attempt.image_uri, memoryBytes });
    return {
      name: attempt.job_name,
      buildId: build.build_id,
      attempt: attempt.attempt,
      tenant: build.tenant,
      parser: build.parser,
      identity: attempt.identity,
      imageUri: attempt.image_uri,
      correlationId: build.correlation_id,
      builder: build.builder,
      container,
      context: await contexts
        .of(build.context!.store)
        .grant(build.context!, build.timeout_seconds + GRANT_MARGIN_SECONDS),
      timeoutSeconds: build.timeout_seconds,
      monitorIntervalSeconds,
    };
  }

  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    const claimed = await this.ports.ledger.attempts.byJob(work.key);
    if (!claimed) return this.ports.ledger.due.close(work, async () => undefined);
    await this.ports.finish.failed(work, claimed, cause, undefined);
  }
}

/** Whether the attempt is still the one that the build runs. */
export function isLive({ build, attempt }: AttemptOfBuild): boolean {
  return build.status === 'running' && build.attempt === attempt.attempt && attempt.ended_at === null;
}
