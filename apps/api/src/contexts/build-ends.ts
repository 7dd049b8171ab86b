import type { BuildRow, Ledger } from '@slipway/ledger';
import type { ServicePart } from '@slipway/service-kit';

interface Waiter {
  buildId: string;
  settle(build: BuildRow | undefined): void;
}

export interface BuildEndsOptions {
  /** Milliseconds between two looks. */
  everyMs: number;
}

/** Waits for builds to end. However many wait, the ledger is asked one question at a time for all of them. */
export class BuildEnds implements ServicePart {
  readonly name = 'waiting for builds';
  private readonly waiters = new Set<Waiter>();
  private looking = false;
  private stopped = false;

  constructor(
    private readonly ledger: Pick<Ledger, 'builds'>,
    private readonly options: BuildEndsOptions = { everyMs: 100 },
  ) {}

  /** The build once it has ended; undefined where it has not within `ms` milliseconds. */
  async wait(buildId: string, ms: number): Promise<BuildRow | undefined> {
    if (this.stopped) return undefined;
    return new Promise((resolve) => {
      const settle = (build: BuildRow | undefined): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(build);
      };
      const timer = setTimeout(() => settle(undefined), ms);
      const waiter: Waiter = { buildId, settle };
      this.waiters.add(waiter);
      if (!this.looking) void this.look();
    });
  }

  async start(): Promise<void> {
    this.stopped = false;
  }

  async check(): Promise<void> {}

  /** Whoever waits is told to ask later. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const waiter of [...this.waiters]) waiter.settle(undefined);
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiters.size > 0) {
      // A ledger that is away for a moment costs the waiting time and nothing else.
      const ended = await this.ended().catch(() => []);
      for (const build of ended) {
        for (const waiter of [...this.waiters]) if (waiter.buildId === build.build_id) waiter.settle(build);
      }
      if (this.waiters.size > 0) await new Promise((resolve) => setTimeout(resolve, this.options.everyMs));
    }
    this.looking = false;
  }

  private ended(): Promise<BuildRow[]> {
    return this.ledger.builds.endedAmong([...this.waiters].map(({ buildId }) => buildId));
  }
}
