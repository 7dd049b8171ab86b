import type { BuildObserver, Builder, ContainerEnd } from '@slipway/domain';
import type { CloudEvent } from '@slipway/contracts';
import { reportOf, type WatchedAttempt } from './report-of';

export interface ReportBuildPorts {
  observer: BuildObserver;
  builder: Builder;
  publish: (event: CloudEvent) => Promise<void>;
  /** Resolves after the milliseconds, or at once when the signal comes. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  now: () => number;
  intervalMs: number;
  /** How long it goes on watching and publishing after it was told to stop. */
  graceMs: number;
}

const PUBLISH_RETRY_MS = 1_000;

/** Watches one builder and says once how it ended. Everything it does is also found out without it. */
export class ReportBuild {
  constructor(
    private readonly watched: WatchedAttempt,
    private readonly ports: ReportBuildPorts,
  ) {}

  /** True when the end was reported; false when the time after a stop ran out first. */
  async execute(stopping: AbortSignal): Promise<boolean> {
    const end = await this.end(stopping);
    if (!end) return false;
    const event = reportOf(this.watched, end, this.ports.builder.outcome(end), new Date(this.ports.now()));
    const limit = this.ports.now() + this.ports.graceMs;
    for (;;) {
      try {
        await this.ports.publish(event);
        return true;
      } catch (error) {
        // The launcher finds the end by itself, so trying is bounded.
        if (this.ports.now() >= limit) throw error;
        await this.ports.pause(PUBLISH_RETRY_MS, new AbortController().signal);
      }
    }
  }

  private async end(stopping: AbortSignal): Promise<ContainerEnd | undefined> {
    let limit = Infinity;
    const never = new AbortController().signal;
    for (;;) {
      const end = await this.ports.observer.observe();
      if (end) return end;
      if (stopping.aborted && limit === Infinity) limit = this.ports.now() + this.ports.graceMs;
      if (this.ports.now() >= limit) return undefined;
      await this.ports.pause(this.ports.intervalMs, stopping.aborted ? never : stopping);
    }
  }
}
