import { idsOf, shortTypeOf, type AcceptedAnswer, type EventNaming } from '@slipway/contracts';
import { answerOf, type Admission } from '@slipway/ledger';
import type { AcceptEvent } from '../accept-event/accept-event';
import type { ReceivedEvent } from './read-events';

/** What an event that came over HTTP led to. */
export type Received =
  | { kind: 'build'; answer: AcceptedAnswer }
  | { kind: 'cancel'; builds: string[] }
  | { kind: 'forwarded'; id: string };

/** Takes one event that came over HTTP: starts and cancels are carried out, other commands are passed on. */
export class ReceiveEvent {
  constructor(
    private readonly accept: AcceptEvent,
    private readonly admission: Admission,
    private readonly naming: EventNaming,
  ) {}

  async execute({ event, lenient }: ReceivedEvent, correlationId: string): Promise<Received> {
    const type = shortTypeOf(event.type, this.naming);
    const arrival = { actor: 'http', correlationId, lenient, redelivered: false };
    if (type === 'build.cancel') return { kind: 'cancel', builds: await this.accept.cancel(event, 'http') };
    if (type !== 'build.start' && type !== 'rebuild.start') {
      await this.accept.forward(event);
      return { kind: 'forwarded', id: event.id };
    }
    // A full queue says so here; over RabbitMQ the message waits where it is.
    const { tenant } = idsOf(event, this.naming);
    const accepted = await this.admission.ofRequest(tenant, () =>
      type === 'build.start' ? this.accept.start(event, arrival) : this.accept.rebuild(event, arrival),
    );
    return { kind: 'build', answer: answerOf(accepted) };
  }
}
