import { SlipwayError } from '@slipway/domain';
import type { FunctionDefinition } from './function-definition';
import type { RunningFunction } from './function-starter';

/** The right to send one request to a function's process. To be released when the answer is done. */
export interface Lease {
  port: number;
  release(): void;
}

interface Waiting {
  enter(): void;
  refuse(error: Error): void;
}

const DEFAULT_CONCURRENCY = 100;
const RETRY_SECONDS = 1;

/** One process and the requests in it: as many at once as the function allows, the next ones in line. */
export class FunctionInstance {
  private inside = 0;
  private line: Waiting[] = [];
  private emptySince: number;
  /** Set when it is being stopped, or has ended: no request may enter any more. */
  closed = false;

  constructor(
    readonly definition: FunctionDefinition,
    private readonly running: RunningFunction,
    private readonly queueLimit: number,
    private readonly now: () => number,
  ) {
    this.emptySince = now();
    void running.exited.then(() => this.close());
  }

  /** Fails with `unavailable` where too many wait, or the process ends first; with the signal's reason where that comes. */
  async enter(concurrency: number | undefined, signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    // 0 means no limit, as in Knative.
    const limit = concurrency === 0 ? Infinity : (concurrency ?? DEFAULT_CONCURRENCY);
    if (this.inside < limit && this.line.length === 0) this.inside++;
    else await this.wait(signal);
    let held = true;
    const release = (): void => {
      if (held) this.leave();
      held = false;
    };
    return { port: this.running.port, release };
  }

  get busy(): boolean {
    return this.inside > 0 || this.line.length > 0;
  }

  /** For how long nobody has been inside, in milliseconds. */
  idleMs(): number {
    return this.busy ? 0 : this.now() - this.emptySince;
  }

  get exited(): Promise<string | undefined> {
    return this.running.exited;
  }

  stop(): Promise<void> {
    this.close();
    return this.running.stop();
  }

  private close(): void {
    this.closed = true;
    const left = this.line;
    this.line = [];
    for (const waiting of left) waiting.refuse(this.refusal('has just ended'));
  }

  private wait(signal: AbortSignal): Promise<void> {
    if (this.line.length >= this.queueLimit) throw this.refusal('has too many requests waiting');
    return new Promise((resolve, reject) => {
      const done = (): void => {
        signal.removeEventListener('abort', gone);
        this.line = this.line.filter((each) => each !== waiting);
      };
      const gone = (): void => (done(), reject(signal.reason as Error));
      const waiting = {
        enter: () => (done(), resolve()),
        refuse: (error: Error) => (done(), reject(error)),
      };
      signal.addEventListener('abort', gone);
      this.line.push(waiting);
    });
  }

  /** Hands the place to the next in line, if there is one. */
  private leave(): void {
    const next = this.line[0];
    if (next !== undefined) return next.enter();
    this.inside--;
    if (this.inside === 0) this.emptySince = this.now();
  }

  private refusal(why: string): SlipwayError {
    const message = `The function ${this.definition.service} ${why}.`;
    return new SlipwayError('unavailable', message, { retryAfterSeconds: RETRY_SECONDS });
  }
}
