import { BuildFactData, QUEUES, validated } from '@slipway/contracts';
import type { Ledger } from '@slipway/ledger';
import type { Consumption, Delivery, Verdict } from '@slipway/messaging';

/**
 * Takes build.accepted. The work was written with the build itself and its commit has woken the workers, so the message has
 * nothing to add; but one that names a build which does not exist is a dead letter.
 */
export class PrepareContextConsumer {
  readonly consumption: Consumption = {
    queue: QUEUES.buildContexts,
    handler: (delivery) => this.handle(delivery),
  };

  constructor(private readonly ledger: Ledger) {}

  private async handle({ event }: Delivery): Promise<Verdict> {
    await this.ledger.builds.mustGet(validated(BuildFactData, event.data).build_id);
    return 'done';
  }
}
