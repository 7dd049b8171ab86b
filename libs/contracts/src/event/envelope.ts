import { SlipwayError, type FieldProblem } from '@slipway/domain';
import { CONTEXT_ATTRIBUTES, type CloudEvent } from './cloud-event';
import { quoted } from './quoted';
import { isStorable } from './validate';

const ATTRIBUTE_NAME = /^[a-z0-9]{1,64}$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const MAX_ATTRIBUTE = 2048;
/** Bytes. AMQP carries these as short strings, and keys of the ledger are made of them. */
const MAX_BYTES: Record<string, number> = {
  id: 255,
  type: 255,
  subject: 255,
  source: 512,
  datacontenttype: 255,
  correlationid: 255,
};
/** Bytes of all together: they travel in one AMQP frame, and its writer holds 64 KiB. */
const MAX_TOGETHER = 32 * 1024;
/** What AMQP adds to each: prefix, type and lengths. */
const FRAMING = 16;
/** Members of the JSON form, which no attribute may be called like. */
const RESERVED = new Set(['data', 'data_base64']);

/** Attributes as a transport read them: names in lower case, values still untyped. */
export type RawAttributes = Record<string, unknown>;

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

function problemsOf(attributes: RawAttributes): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const wrong = (name: string, detail: string): number => problems.push({ pointer: `/${name}`, detail });
  for (const [name, value] of Object.entries(attributes)) {
    const text = textOf(value);
    const limit = MAX_BYTES[name];
    if (RESERVED.has(name)) wrong(name, 'must be named otherwise: data stands beside the attributes');
    else if (!ATTRIBUTE_NAME.test(name)) wrong(name, 'must be named in lower-case letters and digits');
    else if (text === undefined) wrong(name, 'must be a string, number or boolean');
    else if (text.length > MAX_ATTRIBUTE) wrong(name, `must not be longer than ${MAX_ATTRIBUTE} characters`);
    else if (limit !== undefined && Buffer.byteLength(text) > limit)
      wrong(name, `must not be longer than ${limit} bytes`);
    else if (!isStorable(text)) wrong(name, 'must not contain NUL characters or halves of surrogate pairs');
  }
  for (const name of ['id', 'source', 'type']) {
    if (!textOf(attributes[name])) wrong(name, 'is required and must not be empty');
  }
  if (textOf(attributes['specversion']) !== '1.0') wrong('specversion', 'must be "1.0"');
  const time = attributes['time'];
  if (
    time !== undefined &&
    !(typeof time === 'string' && RFC3339.test(time) && !Number.isNaN(Date.parse(time)))
  ) {
    wrong('time', 'must be an RFC 3339 time such as 2026-01-31T12:00:00Z');
  }
  return problems;
}

function assertTogether(attributes: RawAttributes): void {
  const bytes = Object.entries(attributes)
    .map(([name, value]) => Buffer.byteLength(name) + Buffer.byteLength(textOf(value) ?? '') + FRAMING)
    .reduce((sum, size) => sum + size, 0);
  if (bytes <= MAX_TOGETHER) return;
  throw new SlipwayError(
    'not_a_cloudevent',
    `The attributes need ${bytes} bytes together; at most ${MAX_TOGETHER} are taken.`,
  );
}

/** Builds an event from checked attributes. Fails with `not_a_cloudevent` that lists every wrong attribute. */
export function eventFrom(attributes: RawAttributes, data: unknown): CloudEvent {
  assertTogether(attributes);
  const problems = problemsOf(attributes);
  if (problems.length > 0) {
    const first = problems[0]!;
    throw new SlipwayError(
      'not_a_cloudevent',
      `The attribute ${quoted(first.pointer.slice(1))} ${first.detail}.`,
      {
        problems,
      },
    );
  }
  const extensions: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!CONTEXT_ATTRIBUTES.includes(name)) extensions[name] = textOf(value)!;
  }
  const optional = (name: string): Record<string, string> =>
    attributes[name] === undefined ? {} : { [name]: textOf(attributes[name])! };
  return {
    id: textOf(attributes['id'])!,
    source: textOf(attributes['source'])!,
    type: textOf(attributes['type'])!,
    specversion: '1.0',
    ...optional('time'),
    ...optional('subject'),
    ...optional('datacontenttype'),
    ...optional('dataschema'),
    extensions,
    ...(data === undefined ? {} : { data }),
  };
}

/** Reads the JSON form of an event (`data` or `data_base64`, never both). */
export function eventFromStructured(body: unknown): CloudEvent {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new SlipwayError('not_a_cloudevent', 'A structured CloudEvent is a JSON object.');
  }
  const { data, data_base64: base64, ...attributes } = body as Record<string, unknown>;
  if (data !== undefined && base64 !== undefined) {
    throw new SlipwayError('not_a_cloudevent', 'An event has either data or data_base64, not both.');
  }
  for (const [name, value] of Object.entries(attributes)) if (value === null) delete attributes[name];
  if (base64 === undefined) return eventFrom(attributes, data);
  if (typeof base64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new SlipwayError('not_a_cloudevent', 'data_base64 must be a Base64 string.');
  }
  return eventFrom(attributes, Buffer.from(base64, 'base64'));
}

/** The JSON form of an event, for structured mode and for storage. */
export function structuredOf(event: CloudEvent): Record<string, unknown> {
  const { extensions, data, ...attributes } = event;
  const body = Buffer.isBuffer(data)
    ? { data_base64: data.toString('base64') }
    : data === undefined
      ? {}
      : { data };
  return { ...attributes, ...extensions, ...body };
}
