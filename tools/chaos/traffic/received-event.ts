import type { ConsumeMessage } from 'amqplib';
import type { ReceivedEvent } from '../lib/observed.ts';

type Members = Record<string, unknown>;

function parsed(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

/** The attributes of binary mode: what stands in headers that begin with `ce-`. */
function binaryAttributes(headers: Members): Members {
  const named = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(3), value]));
}

/** Reads a message in binary or structured mode; what it does not say of itself is taken from AMQP. */
export function receivedEvent({ content, fields, properties }: ConsumeMessage): ReceivedEvent {
  const body = parsed(content.toString('utf8'));
  const structured = String(properties.contentType).startsWith('application/cloudevents');
  const attributes = structured ? (body ?? {}) : binaryAttributes(properties.headers ?? {});
  const { subject } = attributes;
  return {
    type: String(attributes['type'] ?? fields.routingKey),
    source: String(attributes['source'] ?? ''),
    id: String(attributes['id'] ?? properties.messageId ?? ''),
    ...(subject === undefined ? {} : { subject: String(subject) }),
    data: structured ? (body?.['data'] as Members | undefined) : body,
    at: Date.now(),
  };
}
