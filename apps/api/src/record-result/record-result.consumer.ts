import { QUEUES, idsOf, type EventNaming } from '@slipway/contracts';
import type { Ledger } from '@slipway/ledger';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';

/** Takes what functions answered: counted per function, the last one kept. */
export class RecordResultConsumer {
  readonly consumption: Consumption = {
    queue: QUEUES.parserResults,
    handler: (delivery) => this.handle(delivery),
  };

  constructor(
    private readonly ledger: Ledger,
    private readonly naming: EventNaming,
    private readonly onResult: (result: 'completed' | 'failed') => void,
  ) {}

  private async handle({ event, type, queue }: Delivery): Promise<Verdict> {
    const ids = idsOf(event, this.naming);
    const inbox = { queue, tenant: ids.tenant, source: event.source, id: event.id };
    await this.ledger.deliveries.countResult(inbox, ids, event, type === 'parser.complete');
    this.onResult(type === 'parser.complete' ? 'completed' : 'failed');
    return 'done';
  }
}
