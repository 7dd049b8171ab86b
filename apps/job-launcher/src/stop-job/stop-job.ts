import { reach, type BuildRunner, type Cause } from '@slipway/domain';
import type { Again, DueStep, Ledger, LeasedWork } from '@slipway/ledger';
import type { Logger } from '@slipway/service-kit';
import type { CaptureLog } from '../follow-job/capture-log';

export interface StopJobPorts {
  ledger: Ledger;
  runner: BuildRunner;
  capture: CaptureLog;
  wakeSlots: () => void;
  /** What becomes of a build that still runs when its Job is gone. */
  maxAttempts: number;
  logger: Pick<Logger, 'warn'>;
}

/** Due work `stop`: takes a Job away and frees its slot once the platform says that it is gone. Never gives up. */
export class StopJob implements DueStep {
  readonly kind = 'stop';
  readonly concurrency = 8;
  readonly maxTries = Infinity;

  constructor(private readonly ports: StopJobPorts) {}

  async run(work: LeasedWork): Promise<Again | void> {
    const { ledger, runner, capture } = this.ports;
    const of = await ledger.attempts.byJob(work.key);
    // What the Job has said until now is kept, since its log goes with it.
    if (of) await capture.pull(of.attempt).catch((error: unknown) => this.logLost(work, error));
    await runner.stop(work.key);
    if (await runner.get(work.key)) return { againMs: 1_000 };
    reach('stop.after-stop-before-record');
    await ledger.attempts.gone(work, work.key, this.ports.maxAttempts);
    this.ports.wakeSlots();
  }

  /** A log that cannot be read must not keep a Job alive. */
  private logLost(work: LeasedWork, error: unknown): void {
    this.ports.logger.warn({ err: error, job: work.key }, 'the end of a log could not be kept');
  }

  /** Never reached: stopping has no last try. */
  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    await this.ports.ledger.due.failed(work, cause);
  }
}
