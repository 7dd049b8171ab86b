import {
  eventFrom,
  eventFromStructured,
  isJsonContent,
  lenientEventFrom,
  parseJson,
  type CloudEvent,
  type LenientMark,
  type RawAttributes,
} from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import type { MessageProperties } from 'amqplib';

/** A message as the codec needs it. */
export interface RawMessage {
  content: Buffer;
  properties: Pick<MessageProperties, 'headers' | 'contentType' | 'messageId'>;
}

export interface DecodedEvent {
  event: CloudEvent;
  /** Present where the message was no complete CloudEvent and was taken all the same. */
  lenient?: LenientMark;
}

/** The header prefixes of the binary shapes, in the order in which they are looked for; none = Knative's broker. */
const PREFIXES = ['ce-', 'cloudevents:', 'cloudevents_', ''];

/** Bytes; as much as a request over HTTP may have (wire §1). */
const MAX_MESSAGE = 10 * 1024 * 1024;

/** Header values as amqplib gives them: text, numbers, flags, bytes, or a tagged timestamp. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (typeof value === 'object' && value !== null && '!' in value)
    return plain((value as { value?: unknown }).value);
  return value;
}

function lowered(headers: Record<string, unknown> | undefined): Map<string, unknown> {
  return new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), plain(value)]));
}

function dataOf(content: Buffer, contentType: string | undefined): unknown {
  if (content.length === 0) return undefined;
  return isJsonContent(contentType) ? parseJson(content, 'The data') : content;
}

/** Knative's broker writes empty and year-0001 values where an attribute is absent. */
function bareAttributes(headers: Map<string, unknown>, message: RawMessage): RawAttributes {
  const attributes: RawAttributes = {};
  for (const [name, value] of headers) {
    if (/^[a-z0-9]+$/.test(name) && typeof value !== 'object') attributes[name] = value;
  }
  if (String(attributes['time'] ?? '').startsWith('0001-') || attributes['time'] === '')
    delete attributes['time'];
  attributes['id'] ??= message.properties.messageId;
  const contentType = headers.get('content-type');
  if (typeof contentType === 'string' && contentType !== '') attributes['datacontenttype'] = contentType;
  return attributes;
}

function binary(prefix: string, headers: Map<string, unknown>, message: RawMessage): CloudEvent {
  if (prefix === '') {
    const attributes = bareAttributes(headers, message);
    const type = attributes['datacontenttype'] ?? message.properties.contentType;
    return eventFrom(attributes, dataOf(message.content, type as string | undefined));
  }
  const attributes: RawAttributes = {};
  for (const [name, value] of headers) {
    if (name.startsWith(prefix)) attributes[name.slice(prefix.length)] = value;
  }
  const contentType: unknown = message.properties.contentType ?? attributes['datacontenttype'];
  if (typeof contentType === 'string' && contentType !== '') attributes['datacontenttype'] = contentType;
  return eventFrom(attributes, dataOf(message.content, contentType as string | undefined));
}

/**
 * Reads an event from an AMQP 0-9-1 message: structured, `ce-`, `cloudEvents:`, `cloudEvents_` or bare headers; names match
 * without case. Where `lenient` allows it, a JSON body that lacks id or specversion is taken too.
 * Fails with `not_a_cloudevent` or `payload_too_large`.
 */
export function decodeMessage(message: RawMessage, lenient: boolean, maxBytes = MAX_MESSAGE): DecodedEvent {
  const bytes = message.content.length;
  if (bytes > maxBytes) {
    throw new SlipwayError(
      'payload_too_large',
      `The message has ${bytes} bytes; at most ${maxBytes} are taken.`,
    );
  }
  const contentType = message.properties.contentType?.toLowerCase() ?? '';
  if (contentType.startsWith('application/cloudevents-batch')) {
    throw new SlipwayError('not_a_cloudevent', 'Batches are for HTTP; send one event per message.');
  }
  if (contentType.startsWith('application/cloudevents')) {
    const body = parseJson(message.content, 'The body');
    try {
      return { event: eventFromStructured(body) };
    } catch (error) {
      if (lenient && typeof body === 'object' && body !== null && !('specversion' in body)) {
        return lenientEventFrom(body, message.content, message.properties.messageId);
      }
      throw error;
    }
  }
  const headers = lowered(message.properties.headers);
  const prefix = PREFIXES.find((candidate) => headers.has(`${candidate}specversion`));
  if (prefix !== undefined) return { event: binary(prefix, headers, message) };
  if (lenient && isJsonContent(message.properties.contentType)) {
    const body = parseJson(message.content, 'The body');
    return lenientEventFrom(body, message.content, message.properties.messageId);
  }
  throw new SlipwayError(
    'not_a_cloudevent',
    'The message has no CloudEvents headers and no CloudEvents content type.',
  );
}
