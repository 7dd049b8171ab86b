import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request instead of the double; returns false where it leaves it to the double. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

function xml(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
}

export function fault(status: number, code: string): Fault {
  return (_request, response) => {
    xml(response, status, `<Error><Code>${code}</Code><Message>said by the double</Message></Error>`);
    return true;
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Takes the content out of the chunks (with trailing checksum) in which the SDK may send it. */
function unframed(body: Buffer, encoding: string | undefined): Buffer {
  if (!encoding?.includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = body.indexOf('\r\n', at);
    const size = parseInt(body.toString('latin1', at, line), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(body.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/** An HTTP server on loopback that speaks just enough S3: put, get, list in pages of two, and scripted faults. */
export class S3Double {
  private readonly objects = new Map<string, Buffer>();
  private readonly faults: Fault[] = [];
  private readonly server: Server;
  requests = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      this.requests += 1;
      if (this.faults.shift()?.(request, response)) return;
      this.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<S3Double> {
    const double = new S3Double();
    await new Promise<void>((resolve) => double.server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests are answered by these, one each. */
  next(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  empty(): void {
    this.objects.clear();
    this.faults.length = 0;
    this.requests = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.endpoint);
    const path = decodeURIComponent(url.pathname.slice(1));
    if (request.method === 'PUT') {
      this.objects.set(path, unframed(await bytesOf(request), request.headers['content-encoding']));
      response.writeHead(200, { etag: '"e"' }).end();
    } else if (url.searchParams.has('list-type')) {
      this.list(path.replace(/\/$/, ''), url.searchParams, response);
    } else {
      const bytes = this.objects.get(path);
      if (bytes) response.writeHead(200, { 'content-length': bytes.length, etag: '"e"' }).end(bytes);
      else fault(404, 'NoSuchKey')(request, response);
    }
  }

  private list(bucket: string, query: URLSearchParams, response: ServerResponse): void {
    const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
    const after = query.get('continuation-token') ?? '';
    const paths = [...this.objects.keys()].filter((path) => path.startsWith(prefix));
    paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const rest = paths.slice(after === '' ? 0 : Number(after));
    const page = rest.slice(0, Math.min(2, Number(query.get('max-keys') ?? 2)));
    const next = paths.length - rest.length + page.length;
    const contents = page.map((path) => {
      const bytes = this.objects.get(path)!;
      const etag = bytes.toString('hex').slice(0, 32);
      return `<Contents><Key>${path.slice(bucket.length + 1)}</Key><Size>${bytes.length}</Size><ETag>${etag}</ETag></Contents>`;
    });
    const more = page.length < rest.length;
    const token = more ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
    xml(
      response,
      200,
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
    );
  }
}
