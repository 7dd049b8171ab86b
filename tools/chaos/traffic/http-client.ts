import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  status: number;
  text: string;
  /** Undefined where the text is no JSON. */
  body: unknown;
}

/** Milliseconds that one try may take. */
const ANSWER_LIMIT = 15_000;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a status says that the same request may be answered otherwise later. */
export function isTransient(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Seconds of Retry-After as milliseconds; undefined where there is none. */
function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

export class HttpClient {
  private readonly signal: AbortSignal;
  private readonly onFailure: (what: string) => void;

  /** `onFailure` is called for each try that has to be repeated, with the status or `away`. */
  constructor(signal: AbortSignal, onFailure: (what: string) => void) {
    this.signal = signal;
    this.onFailure = onFailure;
  }

  /** Asks once; no answer is undefined. Rejects only when the signal aborts. */
  async once(url: string, init: RequestInit = {}): Promise<Answer | undefined> {
    return (await this.attempt(url, init))?.answer;
  }

  /** The very same request until an answer comes that is not 429 or 5xx. Rejects only when the signal aborts. */
  async untilAnswered(url: string, init: RequestInit = {}): Promise<Answer> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const tried = await this.attempt(url, init);
      if (tried && !isTransient(tried.answer.status)) return tried.answer;
      this.onFailure(tried ? String(tried.answer.status) : 'away');
      await delay(tried?.retryAfter ?? pause, undefined, { signal: this.signal });
    }
  }

  private async attempt(
    address: string,
    init: RequestInit,
  ): Promise<{ answer: Answer; retryAfter: number | undefined } | undefined> {
    this.signal.throwIfAborted();
    const url = new URL(address);
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_LIMIT)]);
    try {
      const response = await fetch(url, { ...init, signal });
      const text = await response.text();
      return {
        answer: { status: response.status, text, body: parsed(text) },
        retryAfter: retryAfter(response),
      };
    } catch {
      // Refused, broken off or too slow: all one to a client that asks again.
      this.signal.throwIfAborted();
      return undefined;
    }
  }
}
