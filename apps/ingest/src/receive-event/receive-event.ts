import { idsOf, shortTypeOf, type AcceptedAnswer, type EventNaming } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import type { Ledger } from '@slipway/ledger';
import { answerOf, type AcceptEvent } from '../accept-event/accept-event';
import type { ReceivedEvent } from './read-events';

export interface DoorLimits {
  perTenant: number;
  total: number;
}

/** What an event that came over HTTP led to. */
export type Received =
  | { kind: 'build'; answer: AcceptedAnswer }
  | { kind: 'cancel'; builds: string[] }
  | { kind: 'forwarded'; id: string };

const RETRY_AFTER_SECONDS = 10;

/** Takes one event that came over HTTP: starts and cancels are carried out, other commands are passed on. */
export class ReceiveEvent {
  constructor(
    private readonly accept: AcceptEvent,
    private readonly ledger: Ledger,
    private readonly naming: EventNaming,
    private readonly limits: DoorLimits,
  ) {}

  async execute({ event, lenient }: ReceivedEvent, correlationId: string): Promise<Received> {
    const type = shortTypeOf(event.type, this.naming);
    const arrival = { actor: 'http', correlationId, lenient, redelivered: false };
    if (type === 'build.cancel') return { kind: 'cancel', builds: await this.accept.cancel(event, 'http') };
    if (type !== 'build.start' && type !== 'rebuild.start') {
      await this.accept.forward(event);
      return { kind: 'forwarded', id: event.id };
    }
    await this.assertRoom(idsOf(event, this.naming).tenant);
    const accepted =
      type === 'build.start'
        ? await this.accept.start(event, arrival)
        : await this.accept.rebuild(event, arrival);
    return { kind: 'build', answer: answerOf(accepted) };
  }

  /** Over HTTP a full queue says so; over RabbitMQ the message waits where it is. */
  private async assertRoom(tenant: string): Promise<void> {
    const pending = await this.ledger.stats.pending(tenant);
    if (pending.tenant < this.limits.perTenant && pending.total < this.limits.total) return;
    throw new SlipwayError(
      'queue_full',
      `${pending.tenant} builds of ${tenant} and ${pending.total} in all are waiting.`,
      {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
  }
}
