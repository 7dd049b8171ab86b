import type { Cause } from '@slipway/domain';
import type { AttemptOfBuild, Ledger, LeasedWork } from '@slipway/ledger';

/** What becomes of an attempt that failed: another one where that may help, else the end of the build. */
export class FinishAttempt {
  constructor(
    private readonly ledger: Ledger,
    private readonly maxAttempts: number,
    private readonly onEnd: (status: 'succeeded' | 'failed' | 'retried', code: string) => void,
  ) {}

  async failed(
    work: LeasedWork,
    of: AttemptOfBuild,
    cause: Cause,
    exitCode: number | undefined,
  ): Promise<void> {
    if (cause.retryable && of.attempt.attempt < this.maxAttempts) {
      const pause = 2 ** of.attempt.attempt;
      if (await this.ledger.attempts.retry(work, of, cause, pause)) this.onEnd('retried', cause.code);
      return;
    }
    if (await this.ledger.attempts.fail(work, of, cause, exitCode)) this.onEnd('failed', cause.code);
  }
}
