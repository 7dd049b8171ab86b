import { SlipwayError, causeOf, type Cause, type ImageRegistry } from '@slipway/domain';
import type { Again, AttemptOfBuild, AttemptReport, DueStep, Ledger, LeasedWork } from '@slipway/ledger';
import { inSpan } from '@slipway/service-kit';
import { isLive } from '../launch-job/launch-job';
import type { FinishAttempt } from './finish-attempt';

/** An end waits this long for the end of the log. */
const LOG_WAIT_SECONDS = 10;

export interface VerifyBuildPorts {
  ledger: Ledger;
  registry: ImageRegistry;
  finish: FinishAttempt;
  onEnd: (status: 'succeeded', code: string) => void;
  onRefusedReport: () => void;
}

/**
 * Due work `verify`: turns the end of a Job into the end of its build. What a sidecar said is compared with what the Job
 * itself shows, and a digest counts only when the registry holds it under the attempt's own image reference.
 */
export class VerifyBuild implements DueStep {
  readonly kind = 'verify';
  readonly concurrency = 4;
  readonly maxTries = 8;

  constructor(private readonly ports: VerifyBuildPorts) {}

  async run(work: LeasedWork): Promise<Again | void> {
    const { ledger, finish } = this.ports;
    const of = await ledger.attempts.byJob(work.key);
    if (!of || !isLive(of) || !of.attempt.job_end) return ledger.due.close(work, async () => undefined);
    if (!of.attempt.log_complete && (of.attempt.end_age_seconds ?? 0) < LOG_WAIT_SECONDS) {
      return { againMs: 250 };
    }
    await inSpan('verify build', of.build.traceparent, {}, async () => {
      this.compareReport(of, of.attempt.job_end!);
      const end = of.attempt.job_end!;
      if (end.status === 'success') return this.succeeded(work, of, end);
      return finish.failed(work, of, end.cause ?? causeOf(new Error('no cause')), end.exit_code);
    });
  }

  /** A claim that says something else than the Job is counted; the Job decides. */
  private compareReport({ attempt }: AttemptOfBuild, end: AttemptReport): void {
    const { report } = attempt;
    if (report && (report.status !== end.status || report.digest !== end.digest))
      this.ports.onRefusedReport();
  }

  private async succeeded(work: LeasedWork, of: AttemptOfBuild, end: AttemptReport): Promise<void> {
    const uri = of.attempt.image_uri;
    const held = await this.ports.registry.digestOf(uri);
    if (!end.digest || held !== end.digest) {
      const message = `The builder reported ${end.digest ?? 'no digest'} for ${uri}, the registry holds ${held ?? 'nothing'}.`;
      return this.ports.finish.failed(
        work,
        of,
        causeOf(new SlipwayError('artifact_unverified', message)),
        end.exit_code,
      );
    }
    const artifact = { kind: 'image' as const, uri, digest: end.digest };
    if (await this.ports.ledger.attempts.succeed(work, of, artifact)) this.ports.onEnd('succeeded', 'none');
  }

  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    const of = await this.ports.ledger.attempts.byJob(work.key);
    if (!of) return this.ports.ledger.due.close(work, async () => undefined);
    await this.ports.finish.failed(work, of, cause, undefined);
  }
}
