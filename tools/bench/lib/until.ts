import { waitFor } from '../../bootstrap/wait.ts';

const LIMIT_MS = 600_000;

/** Waits until it holds. Throws with `what`, a sentence without its end, where it does not within ten minutes. */
export async function until(
  what: string,
  signal: AbortSignal,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  const ask = async () => (await holds()) || undefined;
  if (await waitFor(ask, { limitMs: LIMIT_MS, intervalMs: 500, signal })) return;
  throw new Error(`Waited ${LIMIT_MS / 1000} s in vain: ${what}.`);
}
