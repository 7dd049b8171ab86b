import { SlipwayError, isSlipwayError } from '@slipway/domain';
import { isLedgerAway } from '../database/away';

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
 * taken since and is taking: several replicas together may pass a limit by what they take within that second.
 */
export class Admission {
  private counts = new Map<string, number>();
  private total = 0;
  /** Requests and messages that are being accepted, and the requests among them by tenant. */
  private entering = 0;
  private readonly enteringOf = new Map<string, number>();
  private countedAt = -Infinity;
  private counting: Promise<void> | undefined;

  constructor(
    private readonly pending: () => Promise<Map<string, number>>,
    private readonly limits: AdmissionLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** For requests, which can be told to come again: runs `accept` with a place held. Fails with `queue_full`. */
  async ofRequest<T>(tenant: string, accept: () => Promise<T>): Promise<T> {
    await this.count();
    const entering = this.enteringOf.get(tenant) ?? 0;
    const own = (this.counts.get(tenant) ?? 0) + entering;
    if (own >= this.limits.perTenant || this.isFull)
      throw queueFull(`${own} builds of ${tenant} and ${this.total + this.entering} in all are waiting.`);
    this.enteringOf.set(tenant, entering + 1);
    try {
      return await this.enter(accept);
    } finally {
      const left = this.enteringOf.get(tenant)! - 1;
      if (left > 0) this.enteringOf.set(tenant, left);
      else this.enteringOf.delete(tenant);
    }
  }

  /** For messages, which wait where they are: only the hard cap keeps them. Fails with `queue_full`. */
  async ofMessage<T>(accept: () => Promise<T>): Promise<T> {
    await this.count();
    if (this.isFull) throw queueFull(`${this.total} builds are waiting.`);
    return this.enter(accept);
  }

  /** Notes a build that was just accepted. */
  taken(tenant: string): void {
    this.counts.set(tenant, (this.counts.get(tenant) ?? 0) + 1);
    this.total += 1;
  }

  /** Resolves when there is room below the hard cap again. */
  async room(): Promise<void> {
    while (!(await this.hasRoom())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
  }

  private get isFull(): boolean {
    return this.total + this.entering >= this.limits.total;
  }

  /** False also while the ledger cannot be asked. */
  private async hasRoom(): Promise<boolean> {
    try {
      await this.count();
      return !this.isFull;
    } catch (error) {
      if (isLedgerAway(error)) return false;
      throw error;
    }
  }

  private async enter<T>(accept: () => Promise<T>): Promise<T> {
    this.entering += 1;
    try {
      return await accept();
    } finally {
      this.entering -= 1;
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
