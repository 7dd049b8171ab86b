import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../lib/random.ts';
import type { Traffic } from '../traffic/index.ts';
import type { Trial } from './trial.ts';

const ROUND_MS = 20_000;
const STARTS_PER_ROUND = 14;

/** Traffic that lasts as long as it is wanted, in rounds: clients that still wait for answers do not keep the next from starting. */
export class LastingTraffic {
  private readonly trial: Trial;
  private readonly random: Random;
  private readonly rounds: Traffic[] = [];

  constructor(trial: Trial, random: Random) {
    this.trial = trial;
    this.random = random;
  }

  /** As those of `Traffic`, over all rounds. */
  get counts(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { counts } of this.rounds)
      for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
    return sums;
  }

  get surprises(): string[] {
    return this.rounds.flatMap(({ surprises }) => surprises);
  }

  /**
   * Runs as long as `work` does, and until every client has got its answers then. Rejects with the failure of a round or of
   * the work, or the reason of the signal.
   */
  async during<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const end = new AbortController();
    const failed = new AbortController();
    const running = this.run(end.signal, AbortSignal.any([signal, failed.signal]));
    // Told where it is awaited; until then it is the work's turn to fail.
    running.catch(() => undefined);
    try {
      const result = await work();
      end.abort();
      await running;
      return result;
    } catch (error) {
      // Clients would ask for ever where what they need has not come back.
      failed.abort(error);
      await running.catch(() => undefined);
      throw error;
    }
  }

  private async run(end: AbortSignal, signal: AbortSignal): Promise<void> {
    const failure = new AbortController();
    const stop = AbortSignal.any([signal, failure.signal]);
    const running: Promise<void>[] = [];
    while (!end.aborted && !stop.aborted) {
      running.push(this.round(stop).catch((error: unknown) => failure.abort(error)));
      await delay(ROUND_MS, undefined, { signal: AbortSignal.any([end, stop]) }).catch(() => undefined);
    }
    await Promise.all(running);
    stop.throwIfAborted();
  }

  private round(signal: AbortSignal): Promise<void> {
    const random = this.random.fork(`round-${this.rounds.length}`);
    const options = { builds: STARTS_PER_ROUND, minutes: ROUND_MS / 60_000, whileAway: 'send' as const };
    const traffic = this.trial.traffic(random, options);
    this.rounds.push(traffic);
    return traffic.run(signal);
  }
}
