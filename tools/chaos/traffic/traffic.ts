import { setTimeout as delay } from 'node:timers/promises';
import type { Observed } from '../lib/observed.ts';
import type { Random } from '../lib/random.ts';
import { Clients } from './clients.ts';
import type { Doors, TrafficOptions } from './doors.ts';
import { OutsideView } from './outside-view.ts';
import { wishes } from './plan.ts';
import { Uploads } from './uploads.ts';

/**
 * Drives real traffic by outside clients, and records what the outside saw. It goes on through every fault: a client that
 * gets no answer sends the same event again under the same id.
 */
export class Traffic {
  private readonly doors: Doors;
  private readonly random: Random;
  private readonly options: TrafficOptions;
  private readonly view = new OutsideView();
  private reached = 0;

  constructor(doors: Doors, random: Random, options: TrafficOptions) {
    this.doors = doors;
    this.random = random;
    this.options = options;
  }

  /** Starts and cancels; events are the subscriber's. */
  get observed(): Observed {
    return this.view.observed;
  }

  /** How far the clients have come, in milliseconds of their plan: behind the time that has passed where they were held back. */
  get at(): number {
    return this.reached;
  }

  /** By kind and outcome: `start:202`, `start:confirmed`, `again:503`, `unexpected:404:cancel`. */
  get counts(): Readonly<Record<string, number>> {
    return this.view.counts;
  }

  /** The first texts of what was counted as unexpected. */
  get surprises(): readonly string[] {
    return this.view.surprises;
  }

  /**
   * Resolves when every start event was taken over, save those whose refusal is among the surprises, and all clients have
   * ended. Rejects with the reason of the signal; an event may then have been sent whose answer nobody saw.
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const uploads = this.doors.objects === undefined ? undefined : new Uploads(this.doors.objects);
    const clients = new Clients({ doors: this.doors, view: this.view, uploads, signal: either });
    const running: Promise<void>[] = [];
    // One client that breaks ends them all, with its error as the reason.
    const giveUp = (error: unknown): void => stop.abort(error);
    const start = Date.now();
    try {
      for (const wish of wishes(this.random, { ...this.options, objects: uploads !== undefined })) {
        await delay(Math.max(0, start + wish.at - Date.now()), undefined, { signal: either });
        await this.options.pace?.(either);
        this.reached = wish.at;
        running.push(clients.carryOut(wish).catch(giveUp));
      }
    } catch (error) {
      giveUp(error);
    }
    await Promise.all(running);
    await clients.close();
    either.throwIfAborted();
  }
}
