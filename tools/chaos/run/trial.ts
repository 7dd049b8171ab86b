import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'amqplib';
import { QUEUES } from '../../bootstrap/queues.ts';
import { loadSecrets } from '../../bootstrap/secrets.ts';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { checkInvariants } from '../check/check-invariants.ts';
import type { QueueDepth } from '../check/evidence/outside.ts';
import { unrest } from '../check/unrest.ts';
import type { Break, Observed, Traces } from '../lib/observed.ts';
import type { Random } from '../lib/random.ts';
import { Subscriber, Traffic, type Doors } from '../traffic/index.ts';
import { pace } from './pace.ts';

const LOOK_MS = 500;
/** So many looks in a row have to find nothing. */
const CALM_LOOKS = 4;
const SOURCES = 'slipway-sources';
const TENANTS = 5;

export interface TrialTraffic {
  /** Start events that the clients send. */
  builds: number;
  /** The time that they are spread over. */
  minutes: number;
  /** What clients do while the ledger does not answer. */
  whileAway?: 'wait' | 'send';
}

/** What looks at a system from outside while something happens to it: clients, a subscriber, and the invariants at the end. */
export class Trial {
  readonly scratch: Scratch;
  readonly traces: Traces;
  readonly subscriber: Subscriber;
  private readonly sent: Observed[] = [];

  /** Looks on while `work` is done. What happened before is not seen. */
  static async during<T>(scratch: Scratch, name: string, work: (trial: Trial) => Promise<T>): Promise<T> {
    const subscriber = await Subscriber.open(scratch.addresses.amqp, name);
    try {
      return await work(new Trial(scratch, subscriber));
    } finally {
      // Also after a failure: it would look for its broker for ever.
      await subscriber.close();
    }
  }

  private constructor(scratch: Scratch, subscriber: Subscriber) {
    const { context, addresses } = scratch;
    const { database, broker, sidecar } = loadSecrets(context.state.secrets);
    this.scratch = scratch;
    this.subscriber = subscriber;
    this.traces = {
      database: addresses.database,
      stateDir: context.state.platform,
      secrets: [database, broker, sidecar],
    };
  }

  /** Clients that send so many start events, spread over the time. */
  traffic(random: Random, options: TrialTraffic): Traffic {
    const { amqp, api, events, functions } = this.scratch.addresses;
    const objects = join(this.scratch.context.state.objects, SOURCES);
    const doors: Doors = { amqp, api, events, functions, objects };
    const { builds, minutes, whileAway } = options;
    const traffic = new Traffic(doors, random, {
      builds,
      ratePerSecond: builds / (minutes * 60),
      tenants: TENANTS,
      pace: (signal) => pace(this.traces.database, signal, whileAway),
    });
    this.sent.push(traffic.observed);
    return traffic;
  }

  get observed(): Observed {
    return {
      starts: this.sent.flatMap(({ starts }) => starts),
      cancels: this.sent.flatMap(({ cancels }) => cancels),
      events: this.subscriber.events,
    };
  }

  /** What is left to do when nothing more came of it until the limit; empty as soon as all is done. */
  async atRest(limit: () => number): Promise<string[]> {
    for (let calm = 0; ;) {
      this.scratch.context.signal.throwIfAborted();
      const left = await this.left().catch((error: unknown) => [String(error)]);
      calm = left.length === 0 ? calm + 1 : 0;
      if (calm === CALM_LOOKS || Date.now() > limit()) return left;
      await delay(LOOK_MS);
    }
  }

  /** What has been taken from a queue and not been written yet is in neither. */
  private async left(): Promise<string[]> {
    const waiting = (await this.depths()).filter(({ ready }) => ready > 0);
    const queued = waiting.map(({ name, ready }) => `messages in ${name} (${ready})`);
    return [...queued, ...(await unrest(this.traces))];
  }

  async breaks(): Promise<Break[]> {
    // What the broker still holds for the subscriber has to come before the events are compared.
    await this.subscriber.drained();
    return checkInvariants(this.traces, this.observed, await this.depths());
  }

  /** How many messages wait in each queue of ours. */
  async depths(suffix = ''): Promise<QueueDepth[]> {
    const connection = await connect(this.scratch.addresses.amqp);
    try {
      const channel = await connection.createChannel();
      const depths: QueueDepth[] = [];
      for (const queue of QUEUES) {
        const name = `${queue}${suffix}`;
        const { messageCount } = await channel.checkQueue(name);
        depths.push({ name, ready: messageCount });
      }
      return depths;
    } finally {
      await connection.close();
    }
  }
}
