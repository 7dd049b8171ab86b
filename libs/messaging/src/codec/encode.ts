import { CONTEXT_ATTRIBUTES, isJsonContent, type CloudEvent } from '@slipway/contracts';
import type { Options } from 'amqplib';

/** The bytes of an event's data. */
export function dataBytes(event: CloudEvent): Buffer {
  if (event.data === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(event.data)) return event.data;
  if (typeof event.data === 'string' && !isJsonContent(event.datacontenttype)) return Buffer.from(event.data);
  return Buffer.from(JSON.stringify(event.data));
}

/** AMQP's short strings hold 255 bytes; what is longer stands in the header alone. */
function short(text: string | undefined): string | undefined {
  return text !== undefined && Buffer.byteLength(text) <= 255 ? text : undefined;
}

/**
 * An event in binary mode with `ce-` headers, the form that RabbitMQ's Knative components use
 * (knative-extensions/eventing-rabbitmq, cloudevents-protocol-spec).
 */
export function encodeBinary(event: CloudEvent): { content: Buffer; options: Options.Publish } {
  const headers: Record<string, string> = {};
  for (const name of CONTEXT_ATTRIBUTES) {
    const value = event[name as keyof CloudEvent];
    if (typeof value === 'string' && name !== 'datacontenttype') headers[`ce-${name}`] = value;
  }
  for (const [name, value] of Object.entries(event.extensions)) headers[`ce-${name}`] = value;
  const time = event.time === undefined ? Date.now() : Date.parse(event.time);
  return {
    content: dataBytes(event),
    options: {
      headers,
      messageId: short(event.id),
      type: short(event.type),
      // AMQP's timestamps are unsigned seconds.
      timestamp: Math.max(0, Math.floor(time / 1000)),
      contentType: short(
        event.datacontenttype ?? (event.data === undefined ? undefined : 'application/json'),
      ),
      correlationId: short(event.extensions['correlationid']),
      appId: 'slipway',
      persistent: true,
    },
  };
}
