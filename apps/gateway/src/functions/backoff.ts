const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long a revision that keeps ending must wait: 1 s, doubled each time up to a minute, from the start after a good minute. */
export class Backoff {
  private failures = 0;
  private failedAt = 0;

  constructor(private readonly now: () => number) {}

  /** `served`: it had become ready, so that what it did since the last failure counts for it. */
  failed(served: boolean): void {
    const quiet = this.now() - this.failedAt > LONGEST_MS;
    this.failures = served && quiet ? 1 : this.failures + 1;
    this.failedAt = this.now();
  }

  /** Milliseconds until it may be started again; 0 where it may be now. */
  waitMs(): number {
    if (this.failures === 0) return 0;
    const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.failures - 1));
    return Math.max(0, this.failedAt + pause - this.now());
  }
}
