import type { QueueDefinition } from '@slipway/contracts';
import type { Options } from 'amqplib';
import type { Random } from '../chaos/lib/random';
import { rightEventsOf, type EventBody } from './garbage-events';
import { mutatedFields, spoiledBytes } from './garbage-mutations';

export interface GarbageMessage {
  content: Buffer;
  options: Options.Publish;
}

const PREFIXES = ['ce-', 'CE-', 'cloudEvents:', 'cloudEvents_', ''];
const STRUCTURED = 'application/cloudevents+json';
const ODD_TYPES = [
  ...[
    'text/plain',
    'application/xml',
    'image/png',
    'application/cloudevents',
    'application/cloudevents+xml',
    ';;;',
  ],
  ...[
    'application/cloudevents-batch+json',
    'APPLICATION/JSON',
    'application/json; charset=utf-16',
    'x'.repeat(255),
    '',
  ],
];

/** Values that AMQP headers may have and CloudEvents attributes have not; the last ones amqplib reads and cannot write again. */
const ODD_HEADERS: readonly unknown[] = [
  ...[null, true, 0, -1, 2 ** 40, 0.5, Buffer.from([0, 255]), [], ['a', 1], { a: { b: 1 } }],
  ...[
    { '!': 'timestamp', value: 1_700_000_000 },
    { '!': 'decimal', value: { places: 2, digits: 5 } },
  ],
  ...[{ '!': 'double', value: -1e300 }, 'x'.repeat(65_000)],
];

function structured(event: EventBody): GarbageMessage {
  return { content: Buffer.from(JSON.stringify(event)), options: { contentType: STRUCTURED } };
}

/** The event as headers and body. */
function binary(event: EventBody, prefix: string): GarbageMessage {
  const { data, ...attributes } = event;
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      `${prefix}${name}`.slice(0, 80),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return {
    content: Buffer.from(JSON.stringify(data) ?? ''),
    options: { contentType: 'application/json', headers },
  };
}

function shaped(event: EventBody, random: Random): GarbageMessage {
  const prefix = random.pick([undefined, ...PREFIXES]);
  return prefix === undefined ? structured(event) : binary(event, prefix);
}

type Maker = (event: EventBody, random: Random) => GarbageMessage;

const mutated: Maker = (event, random) => shaped(mutatedFields(event, random), random);

/** Fields are changed in half of the messages: there are far more of them than other things to spoil. */
const MAKERS: readonly Maker[] = [
  ...Array<Maker>(4).fill(mutated),
  (event, random) => {
    const { content, options } = shaped(event, random);
    return { content: spoiledBytes(content.toString('utf8') || ' ', random), options };
  },
  (event, random) => {
    const { content, options } = shaped(event, random);
    return { content, options: { ...options, contentType: random.pick(ODD_TYPES) } };
  },
  (event, random) => {
    const { content, options } = binary(event, random.pick(PREFIXES));
    const name = random.pick([
      ...Object.keys(options.headers as object),
      'x-other',
      'hasOwnProperty',
      '__proto__',
    ]);
    return {
      content,
      options: { ...options, headers: { ...options.headers, [name]: random.pick(ODD_HEADERS) } },
    };
  },
  (event, random) => {
    const { content, options } = shaped(event, random);
    const id = random.pick(['x'.repeat(255), '💥'.repeat(63), '', '\0']);
    return { content, options: { ...options, messageId: id, correlationId: id, type: id, replyTo: id } };
  },
];

/** So many functions are named, because messages of one function wait for each other. */
const FUNCTIONS = 20;

/** The `index`th garbage message of a queue. What makes it garbage is drawn; now and then a right one is among them. */
export function garbageFor(queue: QueueDefinition, index: number, random: Random): GarbageMessage {
  const event = random.pick(rightEventsOf(queue, `${queue.name}-${index}`, `none-${index % FUNCTIONS}`));
  return random.pick(MAKERS)(event, random);
}

/** A right event of the queue, but for its size. */
export function hugeFor(queue: QueueDefinition, bytes: number): GarbageMessage {
  const event = rightEventsOf(queue, `${queue.name}-${bytes}`, 'huge')[0]!;
  return structured({ ...event, data: { ...(event['data'] as object), more: 'x'.repeat(bytes) } });
}
