import { QUEUES } from '@slipway/contracts';
import { isSlipwayError } from '@slipway/domain';
import { ACCEPTED_AT_ONCE, isQueueFull, type Admission } from '@slipway/ledger';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';
import type { AcceptEvent } from './accept-event';

const ACTOR = 'amqp';

/** Takes build.start, rebuild.start and build.cancel from RabbitMQ. */
export class AcceptEventConsumer {
  readonly consumptions: readonly Consumption[];

  constructor(
    private readonly accept: AcceptEvent,
    private readonly admission: Admission,
  ) {
    this.consumptions = [
      {
        queue: QUEUES.buildEvents,
        handler: (delivery) => this.admission.ofMessage(() => this.onStart(delivery)),
        prefetch: ACCEPTED_AT_ONCE,
        waitFor: (error) => (isQueueFull(error) ? () => this.admission.room() : undefined),
      },
      { queue: QUEUES.buildCancels, handler: (delivery) => this.onCancel(delivery) },
    ];
  }

  private async onStart({ event, type, lenient, redelivered }: Delivery): Promise<Verdict> {
    const arrival = { actor: ACTOR, lenient, redelivered };
    if (type === 'rebuild.start') await this.accept.rebuild(event, arrival);
    else await this.accept.start(event, arrival);
    return 'done';
  }

  private async onCancel({ event }: Delivery): Promise<Verdict> {
    try {
      await this.accept.cancel(event, ACTOR);
    } catch (error) {
      // Coming after the end is no fault of the message: the wish is simply late.
      if (isSlipwayError(error) && error.code === 'build_terminal') return 'done';
      throw error;
    }
    return 'done';
  }
}
