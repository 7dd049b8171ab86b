import type { Cause } from '@slipway/domain';
import {
  sweepRecords,
  type Again,
  type DueStep,
  type Ledger,
  type LeasedWork,
  type RetentionDays,
} from '@slipway/ledger';

const EVERY_MS = 60 * 60 * 1000;

/** Due work `sweep`: deletes records that are older than they are kept, every hour, in whichever launcher comes first. */
export class SweepRecords implements DueStep {
  readonly kind = 'sweep';
  readonly standing = 'records';
  readonly concurrency = 1;
  readonly maxTries = Infinity;

  constructor(
    private readonly ledger: Ledger,
    private readonly keep: RetentionDays,
  ) {}

  async run(): Promise<Again> {
    await sweepRecords(this.ledger.database, this.keep);
    return { againMs: EVERY_MS };
  }

  /** Never reached: sweeping has no last try. */
  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    await this.ledger.due.failed(work, cause);
  }
}
