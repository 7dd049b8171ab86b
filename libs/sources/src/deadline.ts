/** The end of all that is done for one source. */
export class Deadline {
  readonly signal: AbortSignal;
  private readonly end: number;

  /** `ms` milliseconds from now. */
  constructor(ms: number) {
    this.signal = AbortSignal.timeout(ms);
    this.end = performance.now() + ms;
  }

  /** Milliseconds, none or less where it has passed. */
  get leftMs(): number {
    return this.end - performance.now();
  }
}
