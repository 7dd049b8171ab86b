const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** A process that held out for so long is not one that cannot run: it ended for a reason of that moment. */
const STEADY_MS = 10_000;

/** How long a revision that keeps ending must wait: 1 s, doubled each time up to a minute, from the start after one that held out. */
export class Backoff {
  private failures = 0;
  private failedAt = 0;

  constructor(private readonly now: () => number) {}

  /** `servedMs`: for how long it had been ready; 0 where it never was. */
  failed(servedMs: number): void {
    this.failures = servedMs >= STEADY_MS ? 1 : this.failures + 1;
    this.failedAt = this.now();
  }

  /** Milliseconds until it may be started again; 0 where it may be now. */
  waitMs(): number {
    return Math.max(0, this.failedAt + this.pauseMs - this.now());
  }

  private get pauseMs(): number {
    return this.failures === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.failures - 1));
  }
}
