import { SlipwayError, isSlipwayError } from '@slipway/domain';
import { isLedgerAway } from '@slipway/ledger';

export interface AdmissionLimits {
  /** Pending builds of one tenant; asked over HTTP only. */
  perTenant: number;
  total: number;
}

const COUNTED_FOR_MS = 1_000;
const LOOK_MS = 250;
const RETRY_AFTER_SECONDS = 10;

/**
 * Whether there is room for more pending builds. Counted in the ledger at most once a second, plus what this process has
 * taken since: several replicas together may pass a limit by what they take within that second.
 */
export class Admission {
  private counts = new Map<string, number>();
  private total = 0;
  private countedAt = -Infinity;
  private counting: Promise<void> | undefined;

  constructor(
    private readonly pending: () => Promise<Map<string, number>>,
    private readonly limits: AdmissionLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** For requests that can be told to come again. Fails with `queue_full`. */
  async assertRoom(tenant: string): Promise<void> {
    await this.count();
    const own = this.counts.get(tenant) ?? 0;
    if (own < this.limits.perTenant && this.total < this.limits.total) return;
    throw queueFull(`${own} builds of ${tenant} and ${this.total} in all are waiting.`);
  }

  /** For messages, which wait where they are: only the hard cap keeps them. Fails with `queue_full`. */
  async assertBelowCap(): Promise<void> {
    await this.count();
    if (this.total < this.limits.total) return;
    throw queueFull(`${this.total} builds are waiting.`);
  }

  /** Notes a build that was just accepted. */
  taken(tenant: string): void {
    this.counts.set(tenant, (this.counts.get(tenant) ?? 0) + 1);
    this.total += 1;
  }

  /** Resolves when there is room below the hard cap again. */
  async room(): Promise<void> {
    for (;;) {
      const open = await this.assertBelowCap().then(
        () => true,
        (error: unknown) => {
          if (isLedgerAway(error) || isQueueFull(error)) return false;
          throw error;
        },
      );
      if (open) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
    }
  }

  private async count(): Promise<void> {
    if (this.now() - this.countedAt < COUNTED_FOR_MS) return;
    this.counting ??= this.recount().finally(() => {
      this.counting = undefined;
    });
    await this.counting;
  }

  private async recount(): Promise<void> {
    const counts = await this.pending();
    this.counts = new Map(counts);
    this.total = [...counts.values()].reduce((sum, n) => sum + n, 0);
    this.countedAt = this.now();
  }
}

export function isQueueFull(error: unknown): boolean {
  return isSlipwayError(error) && error.code === 'queue_full';
}

function queueFull(message: string): SlipwayError {
  return new SlipwayError('queue_full', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
