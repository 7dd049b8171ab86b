import { setTimeout as pause } from 'node:timers/promises';
import { isSlipwayError, type ErrorCode } from '@slipway/domain';
import type { Deadline } from './deadline';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Failures of a moment. What is missing, denied, or too large stays so. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set([
  'source_unreachable',
  'source_throttled',
  'source_truncated',
  'source_timeout',
]);

/** Any time up to a limit that doubles with each try, so that many clients do not come back together. */
function pauseMs(tries: number, retryAfterSeconds = 0): number {
  const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
  return retryAfterSeconds * 1000 + Math.random() * limit;
}

/**
 * Does `attempt` until it succeeds, at most `limit` times, again only after failures that may pass, and after the time
 * that the server has asked for. Fails with the last failure, at once where the next try would begin after the deadline.
 */
export async function retried<T>(limit: number, deadline: Deadline, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= limit || !isSlipwayError(error) || !MAY_PASS.has(error.code)) throw error;
      const ms = pauseMs(tries, error.retryAfterSeconds);
      if (ms >= deadline.leftMs) throw error;
      await pause(ms);
    }
  }
}
