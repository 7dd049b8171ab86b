const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long a revision that keeps ending must wait: 1 s, doubled each time up to a minute, from the beginning after one that held out. */
export class Backoff {
  private failures = 0;
  private failedAt = 0;

  constructor(private readonly now: () => number) {}

  /**
   * `servedMs`: for how long it had been ready; 0 where it never was. One that served for longer than it was kept away before
   * is not one that cannot run: it ended for a reason of that moment.
   */
  failed(servedMs: number): void {
    this.failures = servedMs >= Math.max(FIRST_MS, this.pauseMs) ? 1 : this.failures + 1;
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
