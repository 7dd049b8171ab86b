import {
  MAX_COMMAND_BYTES,
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
import type { IncomingHttpHeaders } from 'node:http';

export interface ReceivedEvent {
  event: CloudEvent;
  lenient?: LenientMark;
}

const MAX_BATCH = 1000;

/** Percent-decodes a header value once (HTTP protocol binding §3.1.3.2). */
function decoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new SlipwayError('not_a_cloudevent', `The header ${name} is not properly percent-encoded.`);
  }
}

function binary(headers: IncomingHttpHeaders, body: Buffer): CloudEvent {
  const attributes: RawAttributes = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && typeof value === 'string') attributes[name.slice(3)] = decoded(name, value);
  }
  if ('datacontenttype' in attributes) {
    throw new SlipwayError(
      'not_a_cloudevent',
      'In binary mode the content type stands in Content-Type, not in ce-datacontenttype.',
    );
  }
  const contentType = headers['content-type'];
  if (contentType) attributes['datacontenttype'] = contentType;
  const data =
    body.length === 0 ? undefined : isJsonContent(contentType) ? parseJson(body, 'The body') : body;
  return eventFrom(attributes, data);
}

function assertSize(body: Buffer): void {
  if (body.length <= MAX_COMMAND_BYTES) return;
  throw new SlipwayError(
    'payload_too_large',
    `The event has ${body.length} bytes; at most ${MAX_COMMAND_BYTES} are taken.`,
  );
}

/** One event of a request in binary or structured mode, or (lenient) a JSON body that is nearly one. */
export function readEvent(headers: IncomingHttpHeaders, body: Buffer, lenient: boolean): ReceivedEvent {
  assertSize(body);
  const contentType = headers['content-type']?.toLowerCase() ?? '';
  const key = headers['idempotency-key'];
  const givenId = typeof key === 'string' && key !== '' ? key : undefined;
  if (contentType.startsWith('application/cloudevents')) {
    const json = parseJson(body, 'The body');
    const incomplete = typeof json === 'object' && json !== null && !('specversion' in json);
    return lenient && incomplete
      ? lenientEventFrom(json, body, givenId)
      : { event: eventFromStructured(json) };
  }
  if (headers['ce-specversion'] !== undefined || headers['ce-type'] !== undefined)
    return { event: binary(headers, body) };
  if (!isJsonContent(contentType)) {
    throw new SlipwayError(
      'unsupported_media_type',
      `The content type "${contentType}" without ce- headers is no event.`,
    );
  }
  if (lenient) return lenientEventFrom(parseJson(body, 'The body'), body, givenId);
  throw new SlipwayError(
    'not_a_cloudevent',
    'The request has no ce- headers and no CloudEvents content type.',
  );
}

export function isBatch(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.toLowerCase().startsWith('application/cloudevents-batch') ?? false;
}

/** The parts of a batch, each still to be read. Fails where the body is no JSON array. */
export function readBatch(body: Buffer): unknown[] {
  const list = parseJson(body, 'The body');
  if (!Array.isArray(list)) throw new SlipwayError('not_a_cloudevent', 'A batch is a JSON array of events.');
  if (list.length > MAX_BATCH) {
    throw new SlipwayError(
      'payload_too_large',
      `The batch has ${list.length} events; at most ${MAX_BATCH} are taken.`,
    );
  }
  return list;
}

/** One entry of a batch. */
export function readBatchEntry(entry: unknown, lenient: boolean): ReceivedEvent {
  const bytes = Buffer.from(JSON.stringify(entry));
  assertSize(bytes);
  return lenient ? lenientEventFrom(entry, bytes, undefined) : { event: eventFromStructured(entry) };
}
