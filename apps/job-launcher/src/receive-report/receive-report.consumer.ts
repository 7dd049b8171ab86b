import { BuildEndData, BuildFactData, QUEUES, validated } from '@slipway/contracts';
import { causeOf, isErrorCode, type Cause, ERROR_CATALOGUE } from '@slipway/domain';
import type { AttemptReport, Ledger } from '@slipway/ledger';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';

function causeIn(data: BuildEndData): Cause {
  // The shape promises an object only, and who writes it stands beside a stranger's build.
  const { code, message }: { code?: unknown; message?: unknown } = data.cause ?? {};
  if (isErrorCode(code) && typeof message === 'string') {
    const { hint, retryable } = ERROR_CATALOGUE[code];
    return { code, message, hint, retryable };
  }
  return causeOf(new Error(data.error_message ?? 'The builder failed.'), 'builder_crashed');
}

function reportIn(data: BuildEndData): AttemptReport {
  const exit = data.exit_code === undefined ? {} : { exit_code: data.exit_code };
  return data.status === 'success'
    ? { status: 'success', digest: data.image_digest, ...exit }
    : { status: data.status, cause: causeIn(data), ...exit };
}

/** Takes what sidecars claim, and the facts that tell the launcher that there is something to do. */
export class ReceiveReportConsumer {
  readonly consumptions: readonly Consumption[] = [
    { queue: QUEUES.buildReports, handler: (delivery) => this.onReport(delivery) },
    { queue: QUEUES.jobs, handler: (delivery) => this.onJob(delivery) },
  ];

  constructor(
    private readonly ledger: Ledger,
    private readonly wakeSlots: () => void,
    private readonly onRefused: () => void,
  ) {}

  private async onReport({ event, queue }: Delivery): Promise<Verdict> {
    const data = validated(BuildEndData, event.data);
    if (!data.build_id || data.attempt === undefined || !data.job_uid) {
      return { dead: 'unknown_build', detail: 'A report names build_id, attempt and job_uid.' };
    }
    const inbox = { queue, tenant: data.third_party_id, source: event.source, id: event.id };
    const verdict = await this.ledger.attempts.report(inbox, {
      buildId: data.build_id,
      attempt: data.attempt,
      jobUid: data.job_uid,
      report: reportIn(data),
    });
    if (verdict === 'unknown')
      return { dead: 'unknown_build', detail: `No attempt ${data.attempt} of "${data.build_id}".` };
    if (verdict === 'mismatch') {
      this.onRefused();
      return { dead: 'report_refused', detail: `The Job of "${data.build_id}" has another uid.` };
    }
    return 'done';
  }

  private async onJob({ event }: Delivery): Promise<Verdict> {
    await this.ledger.builds.mustGet(validated(BuildFactData, event.data).build_id);
    this.wakeSlots();
    return 'done';
  }
}
