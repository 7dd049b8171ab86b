import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcess } from '../system/app-process.ts';

/** One question to one app. */
export interface Sample {
  app: string;
  path: string;
  /** Undefined where no answer came in time. */
  status: number | undefined;
  /** Unix milliseconds of the question and of its end. */
  from: number;
  to: number;
}

export const READY = '/readyz';
export const LIVE = '/livez';
export const LIST = '/builds?limit=1';

const LOOK_MS = 500;
const ANSWER_LIMIT_MS = 5_000;

async function sample({ name, url }: AppProcess, path: string): Promise<Sample> {
  const from = Date.now();
  const status = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => undefined, // Silence is what is noted.
  );
  return { app: name, path, status, from, to: Date.now() };
}

/** Asks one app the same again and again until the signal. */
async function follow(app: AppProcess, path: string, samples: Sample[], end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    samples.push(await sample(app, path));
    await delay(LOOK_MS, undefined, { signal: end }).catch(() => undefined);
  }
}

/** Asks every app until the signal whether it is ready and lives, and the api for a list; notes the answers in `samples`. */
export async function probe(apps: readonly AppProcess[], samples: Sample[], end: AbortSignal): Promise<void> {
  const follows = apps.flatMap((app) => {
    const paths = app.options.app === 'api' ? [READY, LIVE, LIST] : [READY, LIVE];
    return paths.map((path) => follow(app, path, samples, end));
  });
  await Promise.all(follows);
}
