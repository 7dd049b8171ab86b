import type { IncomingMessage } from 'node:http';

/** Headers that are of one connection only (RFC 9110 §7.6.1), and `expect`, which the server has answered already. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const OURS = new Set(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']);

/** What a function gets: the caller's headers as they came, name for name, and who the caller was. Flat name-value list. */
export function requestHeaders(request: IncomingMessage): string[] {
  const headers = withoutHopByHop(request.rawHeaders, request.headers.connection, OURS);
  const before = request.headers['x-forwarded-for'];
  const client = request.socket.remoteAddress ?? 'unknown';
  headers.push('X-Forwarded-For', before === undefined ? client : `${String(before)}, ${client}`);
  headers.push('X-Forwarded-Host', request.headers.host ?? '', 'X-Forwarded-Proto', 'http');
  // The length is not known beforehand, so it goes on in chunks.
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  return headers;
}

/** What the caller gets of a function's answer. */
export function responseHeaders(response: IncomingMessage): string[] {
  return withoutHopByHop(response.rawHeaders, response.headers.connection, new Set());
}

function withoutHopByHop(
  raw: string[],
  connection: string | undefined,
  others: ReadonlySet<string>,
): string[] {
  const named = new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    const key = name.toLowerCase();
    if (!HOP_BY_HOP.has(key) && !others.has(key) && !named.has(key)) kept.push(name, value);
  }
  return kept;
}
