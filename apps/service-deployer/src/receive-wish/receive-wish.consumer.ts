import {
  BuildEndData,
  QUEUES,
  ServiceDeleteData,
  ServiceUpdateData,
  idsOf,
  validated,
  type CloudEvent,
  type EventNaming,
} from '@slipway/contracts';
import type { Ledger } from '@slipway/ledger';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';

/** Takes service.update and service.delete, and build.complete, which only tells that the ledger holds a new wish. */
export class ReceiveWishConsumer {
  readonly consumption: Consumption = {
    queue: QUEUES.serviceEvents,
    handler: (delivery) => this.handle(delivery),
  };

  constructor(
    private readonly ledger: Ledger,
    private readonly naming: EventNaming,
  ) {}

  private async handle(delivery: Delivery): Promise<Verdict> {
    return delivery.type === 'build.complete' ? this.complete(delivery.event) : this.wish(delivery);
  }

  /** Another builder's, or the third requirement document's own example: no build of ours, so nothing to deploy. */
  private async complete(event: CloudEvent): Promise<Verdict> {
    const { build_id: buildId, job_name: jobName } = validated(BuildEndData, event.data);
    const known = buildId === undefined ? undefined : await this.ledger.builds.get(buildId);
    if (known) return 'done';
    return { dead: 'unknown_build', detail: `There is no build "${buildId ?? jobName ?? '(unnamed)'}".` };
  }

  private async wish({ event, type, queue }: Delivery): Promise<Verdict> {
    const ids = idsOf(event, this.naming);
    const inbox = { queue, tenant: ids.tenant, source: event.source, id: event.id };
    const verdict =
      type === 'service.update'
        ? await this.ledger.deployments.wishOptions(
            inbox,
            ids,
            validated(ServiceUpdateData, event.data).deploy,
          )
        : await this.deleteWish(inbox, ids, event);
    if (verdict === 'unknown')
      return { dead: 'not_found', detail: `There is no function ${ids.tenant}/${ids.parser}.` };
    return 'done';
  }

  private deleteWish(
    inbox: { queue: string; tenant: string; source: string; id: string },
    ids: { tenant: string; parser: string },
    event: CloudEvent,
  ): Promise<'recorded' | 'duplicate' | 'unknown'> {
    validated(ServiceDeleteData, event.data ?? {});
    return this.ledger.deployments.wishDelete(inbox, ids);
  }
}
