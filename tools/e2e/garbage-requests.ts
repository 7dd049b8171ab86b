import { QUEUES } from '@slipway/contracts';
import type { Options } from 'amqplib';
import type { Random } from '../chaos/lib/random';
import { requestOf } from './garbage-http';
import { garbageFor } from './garbage-messages';
import { BROKEN_HEADERS, METHODS, ODD_HEADERS, ODD_PARTS, QUERIES } from './garbage-parts';

const CHUNKED = 'Transfer-Encoding: chunked';

/** Requests that no port may take. */
export const REFUSED: readonly (readonly [what: string, request: Buffer])[] = [
  ['bytes that are no HTTP', Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 'latin1')],
  ['an unknown method', requestOf('BUILD / HTTP/1.1', [])],
  ['another version of HTTP', requestOf('GET /livez HTTP/9.9', [])],
  ['a length that is no number', requestOf('POST /events HTTP/1.1', ['Content-Length: many'])],
  ['two lengths', requestOf('POST /events HTTP/1.1', ['Content-Length: 2', 'Content-Length: 3'], '{}')],
  ['a length and chunks', requestOf('POST /events HTTP/1.1', ['Content-Length: 2', CHUNKED], '0\r\n\r\n')],
  ['a chunk without size', requestOf('POST /livez HTTP/1.1', [CHUNKED], 'zz\r\n')],
  ['a header of 20 KiB', requestOf('GET /livez HTTP/1.1', [`X-Large: ${'x'.repeat(20 * 1024)}`])],
  [
    'a thousand headers',
    requestOf(
      'GET /livez HTTP/1.1',
      Array.from({ length: 1000 }, (_, n) => `X-${n}: 0123456789abcd`),
    ),
  ],
  ['a path of 30 KiB', requestOf(`GET /${'x'.repeat(30 * 1024)} HTTP/1.1`, [])],
  ['a NUL in a header', requestOf('GET /livez HTTP/1.1', ['X-Nul: a\0b'])],
  ['a body of 11 MiB', requestOf('POST /events HTTP/1.1', [`Content-Length: ${11 * 1024 * 1024}`])],
  ['a method that no path has', requestOf('DELETE /livez HTTP/1.1', [])],
  ['a path that nobody has', requestOf('GET /there/is/nothing HTTP/1.1', [])],
];

const QUEUES_OF_BODIES = [
  QUEUES.functionEvents,
  QUEUES.serviceEvents,
  QUEUES.buildCancels,
  QUEUES.buildEvents,
];

function split(operation: string): { method: string; path: string } {
  const [method = '', path = ''] = operation.split(' ');
  return { method, path };
}

function asked(path: string, query: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** Operations are written as `GET /path`. Each with every odd query, and with every odd part in every place of its path. */
export function oddAddresses(operations: readonly string[]): Buffer[] {
  return operations.flatMap((operation) => {
    const { method, path } = split(operation);
    const places = path
      .split('/')
      .slice(1)
      .map((_, place) => place + 1);
    const paths = [
      ...QUERIES.map((query) => asked(path, query)),
      ...ODD_PARTS.map((part) => `${path}/${part}`),
      ...places.flatMap((place) => ODD_PARTS.map((part) => path.split('/').with(place, part).join('/'))),
    ];
    return paths.map((odd) => requestOf(`${method} ${odd} HTTP/1.1`, []));
  });
}

function lineFrom(operations: readonly string[], random: Random): string {
  const { method, path } = split(random.pick(operations));
  const used = random.below(5) === 0 ? random.pick(METHODS) : method;
  return `${used} ${random.below(3) === 0 ? asked(path, random.pick(QUERIES)) : path} HTTP/1.1`;
}

/** The attributes of a message in binary mode as HTTP has them. */
function binaryHeaders({ headers }: Options.Publish): string[] {
  return Object.entries((headers ?? {}) as Record<string, unknown>)
    .filter(
      ([name, value]) => /^ce-[a-z0-9]+$/i.test(name) && typeof value === 'string' && value.length < 5000,
    )
    .map(([name, value]) => `${name}: ${encodeURIComponent(String(value).toWellFormed())}`);
}

/** The `index`th garbage request to a port that has these operations. Its body is as long as it says. */
export function garbageRequest(operations: readonly string[], index: number, random: Random): Buffer {
  const line = lineFrom(operations, random);
  const headers = Array.from({ length: random.below(4) }, () => random.pick(ODD_HEADERS));
  if (random.below(10) === 0) headers.push(random.pick(BROKEN_HEADERS));
  if (line.startsWith('GET') && random.below(2) === 0) return requestOf(line, headers);
  const { content, options } = garbageFor(random.pick(QUEUES_OF_BODIES), index, random);
  const own = [`Content-Type: ${options.contentType as string}`, `Content-Length: ${content.length}`];
  return requestOf(line, [...own, ...binaryHeaders(options), ...headers], content);
}
