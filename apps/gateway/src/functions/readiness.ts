import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { isListenedToBy } from './port-owner';

const FIRST_PAUSE_MS = 15;
const LONGEST_PAUSE_MS = 250;
const ANSWER_MS = 2_000;

/** The process that is waited for. */
export interface AwaitedProcess {
  port: number;
  /** A function that serves its port by itself knows nothing of health paths: there any answer will do. */
  anyAnswer: boolean;
  /** As whom it runs, where that is told apart. */
  uid?: number;
}

/**
 * Asks `/health/readiness` until the process says that it is ready, or the signal comes. An answer counts only where the
 * port is the tenant's: another's process that was faster to take it must not get the requests.
 */
export async function untilReady(
  { port, anyAnswer, uid }: AwaitedProcess,
  signal: AbortSignal,
): Promise<boolean> {
  for (let ms = FIRST_PAUSE_MS; !signal.aborted; ms = Math.min(LONGEST_PAUSE_MS, ms * 1.3)) {
    const status = await readinessStatus(port, signal);
    const answered = status !== undefined && (anyAnswer || status < 500);
    if (answered && (uid === undefined || isListenedToBy(uid, port))) return true;
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

/** The status of the answer, or undefined where there is none. */
function readinessStatus(port: number, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: '/health/readiness',
      agent: false,
      timeout: ANSWER_MS,
      signal,
    };
    const asked = request(options, (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}
