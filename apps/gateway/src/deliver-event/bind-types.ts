import { QUEUES } from '@slipway/contracts';
import type { Logger } from '@slipway/service-kit';
import type { Subscriber } from './deliver-event';

const LOOK_MS = 2_000;

export interface BindTypesPorts {
  subscribers: () => readonly Subscriber[];
  bind: (add: readonly string[], remove: readonly string[]) => Promise<void>;
  /** Types that the catalogue binds anyway. */
  fixed: readonly string[];
  logger: Logger;
}

/** Binds the queue of function events to the types that functions ask for, as functions come and go. */
export class BindTypes {
  readonly name = 'bindings';
  private bound = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly ports: BindTypesPorts) {}

  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  async check(): Promise<void> {}

  /** Compares what is bound with what is asked for. */
  look(): Promise<void> {
    this.running ??= this.compare().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async compare(): Promise<void> {
    const all = this.ports
      .subscribers()
      .flatMap((subscriber) => subscriber.triggers.map((trigger) => trigger.type));
    const wanted = new Set(all.filter((type) => !this.ports.fixed.includes(type)));
    const add = [...wanted].filter((type) => !this.bound.has(type));
    const remove = [...this.bound].filter((type) => !wanted.has(type));
    if (add.length === 0 && remove.length === 0) return;
    try {
      await this.ports.bind(add, remove);
      this.bound = wanted;
    } catch (error) {
      this.ports.logger.warn(
        { err: error, queue: QUEUES.functionEvents.name },
        'bindings will be tried again',
      );
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
