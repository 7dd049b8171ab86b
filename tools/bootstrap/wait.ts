import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  limitMs: number;
  intervalMs?: number;
  signal?: AbortSignal;
}

/** Asks until the answer is not undefined; undefined once the limit has passed. Throws when the signal aborts. */
export async function waitFor<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  { limitMs, intervalMs = 100, signal }: WaitOptions,
): Promise<T | undefined> {
  const end = Date.now() + limitMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= end) return undefined;
    await delay(intervalMs, undefined, { signal });
  }
}
