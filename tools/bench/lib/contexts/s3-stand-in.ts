// A stand-in for an S3 server, a process of its own: objects in memory, PUT (also with If-None-Match: *), GET and HEAD,
// each answered after a delay. It checks neither signatures nor checksums, so that it costs next to nothing; what is
// right is for the specs to say, which run on real servers. Prints its port, and ends when its standard input does.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

const DELAY_MS = Number(process.argv[2]);

interface StoredObject {
  bytes: Buffer;
  etag: string;
  sha256: string;
}

const objects = new Map<string, StoredObject>();

function answerError(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<Error><Code>${code}</Code></Error>`);
}

function put(name: string, bytes: Buffer, { headers }: IncomingMessage, response: ServerResponse): void {
  if (headers['if-none-match'] === '*' && objects.has(name))
    return answerError(response, 412, 'PreconditionFailed');
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  objects.set(name, { bytes, etag, sha256: String(headers['x-amz-checksum-sha256'] ?? '') });
  response.writeHead(200, { etag }).end();
}

function give(name: string, { method }: IncomingMessage, response: ServerResponse): void {
  const found = objects.get(name);
  if (!found) return answerError(response, 404, 'NoSuchKey');
  const { bytes, etag, sha256 } = found;
  const checksum = sha256 && { 'x-amz-checksum-sha256': sha256 };
  response.writeHead(200, { etag, 'content-length': bytes.length, ...checksum });
  response.end(method === 'HEAD' ? undefined : bytes);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = new URL(request.url!, 'http://s3').pathname;
  const bytes = await buffer(request);
  await pause(DELAY_MS);
  if (request.method === 'PUT') put(name, bytes, request, response);
  else if (request.method === 'GET' || request.method === 'HEAD') give(name, request, response);
  else answerError(response, 501, 'NotImplemented');
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => response.destroy(error));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('end', () => process.exit()).resume();
