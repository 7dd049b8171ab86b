import type { Clock, ContextStoreKind } from '@slipway/domain';
import type { Metrics } from '@slipway/service-kit';

interface Sized {
  size: number | null;
}

function bytesOf(contexts: readonly Sized[]): number {
  return contexts.reduce((sum, { size }) => sum + (size ?? 0), 0);
}

/** What the sweeps of the contexts found and removed, by store. */
export class SweepMetrics {
  private readonly runs;
  private readonly seconds;
  private lastSuccess: number | undefined;
  private readonly found;
  private readonly foundBytes;
  private readonly removals;
  private readonly removedBytes;

  constructor(
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    const prefix = 'slipway_context_sweep';
    this.runs = metrics.counter(`${prefix}_runs_total`, 'Sweeps of the stored contexts by result.', [
      'result',
    ]);
    this.seconds = metrics.histogram(`${prefix}_duration_seconds`, 'Time of a sweep.');
    metrics.gauge(
      `${prefix}_last_success_timestamp_seconds`,
      'When this process last swept to the end.',
      [],
      (gauge) => {
        if (this.lastSuccess !== undefined) gauge.set(this.lastSuccess);
      },
    );
    const labels = ['store', 'reason'];
    this.found = metrics.counter(
      `${prefix}_found_total`,
      'Contexts found expired, or orphaned (no record named them).',
      labels,
    );
    this.foundBytes = metrics.counter(`${prefix}_found_bytes_total`, 'Their bytes.', labels);
    this.removals = metrics.counter(`${prefix}_removed_total`, 'Contexts removed.', ['store']);
    this.removedBytes = metrics.counter(`${prefix}_removed_bytes_total`, 'Their bytes.', ['store']);
  }

  /** `failures` are those of single contexts and stores, which do not end the sweep. */
  async run(dryRun: boolean, failures: readonly unknown[], sweep: () => Promise<void>): Promise<void> {
    const end = this.seconds.startTimer();
    let ended = false;
    try {
      await sweep();
      ended = failures.length === 0;
    } finally {
      end();
      this.runs.inc({ result: !ended ? 'failure' : dryRun ? 'dry_run' : 'success' });
      if (ended) this.lastSuccess = this.clock.now() / 1000;
    }
  }

  expired(store: ContextStoreKind, contexts: readonly Sized[]): void {
    this.count({ store, reason: 'expired' }, contexts);
  }

  orphans(store: ContextStoreKind, contexts: readonly Sized[]): void {
    this.count({ store, reason: 'orphan' }, contexts);
  }

  removed(store: ContextStoreKind, context: Sized): void {
    this.removals.inc({ store });
    this.removedBytes.inc({ store }, bytesOf([context]));
  }

  private count(labels: { store: ContextStoreKind; reason: string }, contexts: readonly Sized[]): void {
    if (contexts.length === 0) return;
    this.found.inc(labels, contexts.length);
    this.foundBytes.inc(labels, bytesOf(contexts));
  }
}
