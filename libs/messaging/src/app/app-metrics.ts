import type { Ledger } from '@slipway/ledger';

interface Labelled {
  inc(labels: Record<string, string>): void;
}

interface Settable {
  set(labels: Record<string, string>, value: number): void;
}

/** What is needed of a metrics registry. */
export interface AppMetrics {
  counter(name: string, help: string, labels: readonly string[]): Labelled;
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: (gauge: Settable) => Promise<void>,
  ): unknown;
}

/** The metrics that every ledger app has; returns what counts the verdicts. */
export function instrument(
  metrics: AppMetrics,
  ledger: Ledger,
): (queue: string, verdict: 'done' | 'dead' | 'requeued') => void {
  const verdicts = metrics.counter('slipway_messages_total', 'Messages by queue and verdict.', [
    'queue',
    'verdict',
  ]);
  metrics.gauge('slipway_outbox_depth', 'Events that wait to be published.', [], async (gauge) => {
    gauge.set({}, (await ledger.outbox.backlog()).depth);
  });
  metrics.gauge(
    'slipway_outbox_lag_seconds',
    'Age of the oldest event that waits to be published.',
    [],
    async (gauge) => {
      gauge.set({}, (await ledger.outbox.backlog()).lagSeconds);
    },
  );
  metrics.gauge(
    'slipway_due_work_age_seconds',
    'Age of the oldest due work by kind.',
    ['kind'],
    async (gauge) => {
      for (const age of await ledger.due.ages()) gauge.set({ kind: age.kind }, age.seconds);
    },
  );
  return (queue, verdict) => verdicts.inc({ queue, verdict });
}
