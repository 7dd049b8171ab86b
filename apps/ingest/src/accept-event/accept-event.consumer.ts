import { QUEUES, shortTypeOf, type EventNaming } from '@slipway/contracts';
import { isSlipwayError } from '@slipway/domain';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';
import type { AcceptEvent } from './accept-event';
import { isQueueFull, type Admission } from './admission';

const ACTOR = 'amqp';

/** Takes build.start, rebuild.start and build.cancel from RabbitMQ. */
export class AcceptEventConsumer {
  readonly consumptions: readonly Consumption[];

  constructor(
    private readonly accept: AcceptEvent,
    private readonly admission: Admission,
    private readonly naming: EventNaming,
  ) {
    this.consumptions = [
      {
        queue: QUEUES.buildEvents,
        handler: (delivery) => this.admission.ofMessage(() => this.onStart(delivery)),
        waitFor: (error) => (isQueueFull(error) ? () => this.admission.room() : undefined),
      },
      { queue: QUEUES.buildCancels, handler: (delivery) => this.onCancel(delivery) },
    ];
  }

  private async onStart({ event, lenient, redelivered }: Delivery): Promise<Verdict> {
    const arrival = { actor: ACTOR, lenient, redelivered };
    const type = shortTypeOf(event.type, this.naming);
    if (type === 'build.start') await this.accept.start(event, arrival);
    else if (type === 'rebuild.start') await this.accept.rebuild(event, arrival);
    else return { dead: 'unknown_event_type', detail: `This queue does not take "${event.type}".` };
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
