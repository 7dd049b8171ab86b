import { createHash } from 'node:crypto';
import {
  EVENT_EXCHANGE,
  eventFrom,
  eventFromStructured,
  isJsonContent,
  isQueued,
  parseJson,
  shortTypeOf,
} from '@slipway/contracts';
import type { CloudEvent, EventNaming, RawAttributes } from '@slipway/contracts';
import { SlipwayError, partitionKeyOf, type Cause } from '@slipway/domain';
import type { Delivery, OutgoingMessage } from '@slipway/ledger';
import { HOPS } from '../deliver-event/deliver-event';

const MAX_ID = 255;

/** What a function answered over HTTP. */
export interface FunctionAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

function header(answer: FunctionAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function binaryReply(answer: FunctionAnswer): CloudEvent {
  const attributes: RawAttributes = {};
  for (const name of Object.keys(answer.headers)) {
    if (name.startsWith('ce-')) attributes[name.slice(3)] = decodeURIComponent(header(answer, name) ?? '');
  }
  const contentType = header(answer, 'content-type');
  if (contentType) attributes['datacontenttype'] = contentType;
  const data =
    answer.body.length === 0
      ? undefined
      : isJsonContent(contentType)
        ? parseJson(answer.body, 'its body')
        : answer.body;
  return eventFrom(attributes, data);
}

/**
 * The event that a function answered with, or undefined for an empty answer. Any other body is a refusal, as it is to
 * Knative's broker. Fails with `function_rejected`.
 */
export function replyIn(answer: FunctionAnswer): CloudEvent | undefined {
  try {
    if (header(answer, 'ce-specversion') !== undefined) return binaryReply(answer);
    if (header(answer, 'content-type')?.startsWith('application/cloudevents'))
      return eventFromStructured(parseJson(answer.body, 'its body'));
  } catch (error) {
    throw new SlipwayError(
      'function_rejected',
      `The function's reply is no CloudEvent: ${(error as Error).message}`,
    );
  }
  if (answer.body.length === 0) return undefined;
  throw new SlipwayError(
    'function_rejected',
    'The function answered an event with something that is neither an event nor empty.',
  );
}

function outgoing(event: CloudEvent, delivery: Delivery, naming: EventNaming): OutgoingMessage {
  const short = shortTypeOf(event.type, naming);
  return {
    exchange: EVENT_EXCHANGE,
    routingKey: event.type,
    partitionKey: partitionKeyOf(delivery.tenant, delivery.parser),
    mandatory: short !== undefined && isQueued(short),
    event,
  };
}

/** `{event id}/{service}/{what}`; in long chains the event's id is shortened to its hash, so that ids stay within AMQP's limit. */
function answerId(delivery: Delivery, what: 'reply' | 'failed'): string {
  const id = `${delivery.event.id}/${delivery.service}/${what}`;
  if (Buffer.byteLength(id) <= MAX_ID) return id;
  return `${createHash('sha256').update(delivery.event.id).digest('hex')}/${delivery.service}/${what}`;
}

/** Types that only Slipway itself may state; a function that answers with one would forge it. */
function assertOwnType(event: CloudEvent, naming: EventNaming): void {
  const short = shortTypeOf(event.type, naming);
  if (short === undefined || short.startsWith('parser.')) return;
  throw new SlipwayError(
    'function_rejected',
    `A function may not answer with an event of type "${event.type}".`,
  );
}

/**
 * The reply as it goes out: its id follows from the delivery, so that a repeated call publishes the same event; its source
 * is the function's tenant, whatever the function says.
 */
export function replyMessage(reply: CloudEvent, delivery: Delivery, naming: EventNaming): OutgoingMessage {
  assertOwnType(reply, naming);
  const event: CloudEvent = {
    ...reply,
    id: answerId(delivery, 'reply'),
    source: `${naming.sourcePrefix}${delivery.tenant}`,
    subject: reply.subject ?? delivery.parser,
    extensions: { ...reply.extensions, ...chained(delivery) },
  };
  return outgoing(event, delivery, naming);
}

function chained(delivery: Delivery): Record<string, string> {
  const { correlationid, traceparent } = delivery.event.extensions;
  return {
    [HOPS]: String(delivery.hops + 1),
    causationid: delivery.event.id,
    correlationid: correlationid ?? delivery.event.id,
    partitionkey: partitionKeyOf(delivery.tenant, delivery.parser),
    ...(traceparent ? { traceparent } : {}),
  };
}

/** What is said of an event that could not be brought to its function. */
export function failureMessage(
  delivery: Delivery,
  cause: Cause,
  naming: EventNaming,
  at: Date,
): OutgoingMessage {
  const event: CloudEvent = {
    id: answerId(delivery, 'failed'),
    source: `${naming.sourcePrefix}${delivery.tenant}`,
    type: `${naming.typePrefix}parser.failed`,
    specversion: '1.0',
    time: at.toISOString(),
    subject: delivery.parser,
    datacontenttype: 'application/json',
    extensions: chained(delivery),
    data: {
      event_id: delivery.event.id,
      event_source: delivery.event.source,
      service_name: delivery.service,
      cause,
    },
  };
  return outgoing(event, delivery, naming);
}
