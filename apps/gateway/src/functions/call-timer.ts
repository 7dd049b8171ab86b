import { SlipwayError } from '@slipway/domain';

const DEFAULT_SECONDS = 300;

/** Ends one call when its time is over or its caller is gone; the reason of the signal says which. */
export class CallTimer {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Limits the wait for a place in the function: a start, and the requests before this one. */
  wait(service: string): void {
    const message = `The function ${service} had no place for the request within ${DEFAULT_SECONDS} s.`;
    this.limit(DEFAULT_SECONDS, new SlipwayError('unavailable', message));
  }

  /** Starts the function's own time; the wait before does not count. */
  begin(service: string, seconds: number = DEFAULT_SECONDS): void {
    const message = `The function ${service} did not answer within ${seconds} s.`;
    this.limit(seconds, new SlipwayError('function_timeout', message));
  }

  callerGone(): void {
    this.controller.abort(new SlipwayError('unavailable', 'The caller has gone.'));
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private limit(seconds: number, error: SlipwayError): void {
    this.end();
    this.timer = setTimeout(() => this.controller.abort(error), seconds * 1000);
  }
}
