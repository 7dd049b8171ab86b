import type { Metrics } from '@slipway/service-kit';

/** What the launcher counts. The methods are handed to its use cases, so they are bound. */
export class LauncherMetrics {
  private readonly builds;
  private readonly refused;
  private readonly findings;

  constructor(metrics: Metrics) {
    this.builds = metrics.counter('slipway_builds_total', 'Ends of attempts by status and cause.', [
      'status',
      'cause',
    ]);
    this.refused = metrics.counter('slipway_reports_refused_total', 'Reports of sidecars that did not hold.');
    this.findings = metrics.counter('slipway_reconcile_findings_total', 'What reconciling had to mend.', [
      'finding',
    ]);
  }

  readonly ended = (status: string, cause: string): void => this.builds.inc({ status, cause });
  readonly reportRefused = (): void => this.refused.inc();
  readonly finding = (finding: string): void => this.findings.inc({ finding });
}
