import { CONTEXT_ATTRIBUTES, type CloudEvent, type EventNaming } from '@slipway/contracts';
import { SlipwayError, reach, type Cause } from '@slipway/domain';
import type { Again, Delivery, DueStep, Ledger, LeasedWork } from '@slipway/ledger';
import { dataBytes } from '@slipway/messaging';
import { inSpan } from '@slipway/service-kit';
import { HOPS } from '../deliver-event/deliver-event';
import { failureMessage, replyIn, replyMessage, type FunctionAnswer } from './reply';

export interface InvokeFunctionPorts {
  ledger: Ledger;
  naming: EventNaming;
  /** Calls a function's process; fails with `not_found` where the function is gone. */
  call: (service: string, headers: Record<string, string>, body: Buffer) => Promise<FunctionAnswer>;
  now: () => number;
  concurrency: number;
  onDelivered: (result: 'done' | 'dead') => void;
}

/** Codes that Knative's senders try again (knative/specs, eventing data plane). */
const RETRIED = new Set([404, 408, 409, 429]);

/** Percent-encodes what an HTTP header may not carry (HTTP protocol binding §3.1.3.2). */
function encoded(value: string): string {
  return value.replace(/[^\x21\x23-\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character));
}

/** The binary-mode headers of an event on its way to a function. */
function headersFor(event: CloudEvent, hops: number): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of CONTEXT_ATTRIBUTES) {
    const value = event[name as keyof CloudEvent];
    if (typeof value === 'string' && name !== 'datacontenttype') headers[`ce-${name}`] = encoded(value);
  }
  for (const [name, value] of Object.entries(event.extensions)) headers[`ce-${name}`] = encoded(value);
  headers[`ce-${HOPS}`] = String(hops);
  const type = event.datacontenttype ?? (event.data === undefined ? undefined : 'application/json');
  return type === undefined ? headers : { ...headers, 'content-type': type };
}

/** Due work `invoke`: brings one event to one function, and sends on what it replies. */
export class InvokeFunction implements DueStep {
  readonly kind = 'invoke';
  readonly maxTries = 5;
  readonly concurrency: number;

  constructor(private readonly ports: InvokeFunctionPorts) {
    this.concurrency = ports.concurrency;
  }

  async run(work: LeasedWork): Promise<Again | void> {
    const delivery = await this.ports.ledger.deliveries.read(work);
    if (!delivery) return this.ports.ledger.due.close(work, async () => undefined);
    const answer = await inSpan('invoke function', delivery.event.extensions['traceparent'], {}, () =>
      this.call(delivery),
    );
    reach('invoke.after-call-before-record');
    const reply = replyIn(answer);
    const messages = reply ? [replyMessage(reply, delivery, this.ports.naming)] : [];
    await this.ports.ledger.deliveries.end(work, delivery, {
      state: 'done',
      status: answer.status,
      messages,
    });
    this.ports.onDelivered('done');
  }

  private async call(delivery: Delivery): Promise<FunctionAnswer> {
    const headers = headersFor(delivery.event, delivery.hops + 1);
    const answer = await this.ports.call(delivery.service, headers, dataBytes(delivery.event));
    if (answer.status >= 200 && answer.status < 300) return answer;
    const retried = answer.status >= 500 || RETRIED.has(answer.status);
    const said = answer.body.toString('utf8', 0, 500);
    throw new SlipwayError(
      retried ? 'function_failed' : 'function_rejected',
      `The function ${delivery.service} answered ${answer.status}${said ? `: ${said}` : ''}.`,
    );
  }

  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    const delivery = await this.ports.ledger.deliveries.read(work);
    const at = new Date(this.ports.now());
    const messages = delivery ? [failureMessage(delivery, cause, this.ports.naming, at)] : [];
    await this.ports.ledger.deliveries.end(work, delivery, { state: 'dead', cause, messages });
    this.ports.onDelivered('dead');
  }
}
