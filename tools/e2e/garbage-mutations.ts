import type { Random } from '../chaos/lib/random';
import type { EventBody } from './garbage-events';

/** What no field expects: wrong types, ends of ranges, texts that are hard to keep, and names that objects have by themselves. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1e308, -1e308, 2 ** 31, 2 ** 53, 0.1, 10_000_000_000],
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00',
    '\u202e',
    '💥',
    '-',
    '..',
    '../../etc/passwd',
    'a/b',
    'ä'.repeat(200),
  ],
  ...[
    'x'.repeat(300),
    'x'.repeat(5000),
    '"',
    "'; drop table builds; --",
    '%00',
    '{tp}',
    '[object Object]',
    'NaN',
    '1e5',
  ],
  ...[
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'builder',
    'network.notifi.',
    'sha256:x',
    '0001-01-01T00:00:00Z',
  ],
  ...[[], [[]], [null], {}, { a: { b: { c: {} } } }, [{}, 'x'], Array.from({ length: 100 }, () => 'x')],
];

const ODD_NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'data', 'data_base64', 'DATA'],
  ...[
    'Upper',
    'with space',
    'ümlaut',
    '',
    'x'.repeat(300),
    'a\0b',
    '\ud800',
    '$where',
    '!',
    'build_id',
    'source',
  ],
];

/** An own member of this name, also where assigning would set the prototype. */
function withMember(object: object, name: string, value: unknown): object {
  return Object.defineProperty({ ...object }, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function replaceSomewhere(value: Record<string, unknown>, random: Random): object {
  const name = random.pick(Object.keys(value));
  const inner = value[name];
  const deeper = isPlainObject(inner) && Object.keys(inner).length > 0 && random.below(4) > 0;
  return withMember(value, name, deeper ? replaceSomewhere(inner, random) : random.pick(ODD_VALUES));
}

function addSomewhere(value: Record<string, unknown>, random: Random): object {
  const inner = Object.keys(value).filter((name) => isPlainObject(value[name]));
  if (inner.length === 0 || random.below(2) === 0) {
    return withMember(value, random.pick(ODD_NAMES), random.pick(ODD_VALUES));
  }
  const name = random.pick(inner);
  return withMember(value, name, addSomewhere(value[name] as Record<string, unknown>, random));
}

function removeSomewhere(value: Record<string, unknown>, random: Random): object {
  const name = random.pick(Object.keys(value));
  const inner = value[name];
  if (isPlainObject(inner) && Object.keys(inner).length > 0 && random.below(4) > 0) {
    return withMember(value, name, removeSomewhere(inner, random));
  }
  const { [name]: _removed, ...others } = value;
  return others;
}

const CHANGES = [replaceSomewhere, addSomewhere, removeSomewhere];

/** The event with one to three of its fields, at any depth, replaced, added or removed. */
export function mutatedFields(event: EventBody, random: Random): EventBody {
  let mutated = event;
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    if (Object.keys(mutated).length === 0) return mutated;
    mutated = random.pick(CHANGES)(mutated, random) as EventBody;
  }
  return mutated;
}

function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
}

function flipped(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  for (let left = 1 + random.below(8); left > 0; left -= 1)
    bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

const LEVELS = 10_000;

/** Ways to spoil the bytes of a JSON text. */
const SPOILS: readonly ((text: string, random: Random) => Buffer)[] = [
  (_text, random) => randomBytes(random),
  (text, random) => Buffer.from(text).subarray(0, random.below(text.length)),
  flipped,
  (text) => Buffer.from(`${text}${text}`),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(JSON.stringify(text)),
  (text) => Buffer.from(`[${text}]`),
  (text) => Buffer.from(text.replace(/"data":\{/, '"data":{"a":NaN,')),
  (text) => Buffer.from(text.replace(/\}$/, `,"data":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}}`)),
  (text) => Buffer.from(text.replace(/\}$/, `,"data":${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}}`)),
  () => Buffer.from('['.repeat(LEVELS)),
  () => Buffer.alloc(0),
  ...['null', '0', '""', '[]', '{}', '{"type":null}', '<event/>'].map((text) => () => Buffer.from(text)),
];

export function spoiledBytes(text: string, random: Random): Buffer {
  return random.pick(SPOILS)(text, random);
}
