import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from './servers.ts';
import { STRUCTURED } from './start-events.ts';

/** What ingest answered. */
export interface HttpAnswer {
  status: number;
  contentType: string;
  /** Seconds; undefined where there is no Retry-After. */
  retryAfter: number | undefined;
  /** The problem's code of the catalogue, where the answer is a problem. */
  code: string | undefined;
}

/** The start events of one tenant that HTTP took, and the first that it did not. */
export interface Filled {
  taken: number;
  refused: Message;
  refusal: HttpAnswer;
}

const TAKEN = 202;
const ANSWER_MS = 30_000;

async function post(events: string, { body }: Message, signal: AbortSignal): Promise<HttpAnswer> {
  const response = await fetch(`${events}/events`, {
    method: 'POST',
    headers: { 'content-type': STRUCTURED },
    body: body.toString('utf8'),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  const { code } = (await response.json()) as { code?: string };
  const after = response.headers.get('retry-after');
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    retryAfter: after === null ? undefined : Number(after),
    code,
  };
}

/** Posts one event after the other until one is not taken, at most `limit`. Throws where all are taken. */
export async function postUntilRefused(
  events: string,
  limit: number,
  messageOf: (number: number) => Message,
  signal: AbortSignal,
): Promise<Filled> {
  for (let taken = 0; taken < limit; taken += 1) {
    const message = messageOf(taken);
    const refusal = await post(events, message, signal);
    if (refusal.status !== TAKEN) return { taken, refused: message, refusal };
  }
  throw new Error(`HTTP took all of ${limit} start events and refused none.`);
}

/** Posts the very same event again, each time after what Retry-After says, until it is taken. */
export async function postUntilTaken(events: string, message: Message, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { status, retryAfter, code } = await post(events, message, signal);
    if (status === TAKEN) return;
    if (retryAfter === undefined) throw new Error(`Refused for good with ${status} (${code}).`);
    await delay(retryAfter * 1000, undefined, { signal });
  }
}
