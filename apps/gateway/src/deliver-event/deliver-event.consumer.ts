import { QUEUES, type EventNaming } from '@slipway/contracts';
import type { Ledger } from '@slipway/ledger';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';
import { MAX_HOPS, hopsOf, targetsOf, type Subscriber } from './deliver-event';

export interface DeliverEventPorts {
  ledger: Ledger;
  naming: EventNaming;
  subscribers: () => readonly Subscriber[];
  onUnmatched: () => void;
}

/** Takes events for functions: one stored delivery per function that asks for them. */
export class DeliverEventConsumer {
  readonly consumption: Consumption = {
    queue: QUEUES.functionEvents,
    handler: (delivery) => this.handle(delivery),
  };

  constructor(private readonly ports: DeliverEventPorts) {}

  private async handle({ event, queue }: Delivery): Promise<Verdict> {
    const hops = hopsOf(event);
    if (hops >= MAX_HOPS) {
      return {
        dead: 'event_loop',
        detail: `The event has led to another ${hops} times; at most ${MAX_HOPS} are followed.`,
      };
    }
    const targets = targetsOf(event, this.ports.subscribers(), this.ports.naming);
    if (targets.length === 0) {
      this.ports.onUnmatched();
      return 'done';
    }
    // The id alone tells redeliveries apart; the tenant stands in the source.
    const inbox = { queue, tenant: '', source: event.source, id: event.id };
    await this.ports.ledger.deliveries.add(inbox, event, targets, hops);
    return 'done';
  }
}
