import { createHash } from 'node:crypto';
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Answers one request instead of the server; false, at once or later, where it leaves it to the server. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

interface S3FaultProxyOptions {
  /** Address of the server behind. */
  target: string;
  /** Milliseconds before each request is answered. */
  delayMs?: number;
  /** The share of requests (0 to 1) that are answered with 503; which ones follows from the seed. */
  refused?: { share: number; seed: string };
}

/** Stands between a client and an S3 server, and lets requests wait and fail: as scripted, or by chance. */
export class S3FaultProxy {
  private readonly faults: Fault[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error: Error) => response.destroy(error));
  });
  /** Requests that came. */
  requests = 0;
  /** Those of them that were answered with 503 by chance. */
  refused = 0;

  private constructor(private readonly options: S3FaultProxyOptions) {}

  static async start(options: S3FaultProxyOptions): Promise<S3FaultProxy> {
    const proxy = new S3FaultProxy(options);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests are answered by these, one each, and counted from here. */
  next(...faults: Fault[]): void {
    this.requests = 0;
    this.faults.splice(0, Infinity, ...faults);
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const fault = this.faults.shift() ?? this.byChance();
    if (this.options.delayMs) await wait(this.options.delayMs);
    if (!(await fault?.(request, response))) return this.forward(request, response);
    request.resume();
  }

  private byChance(): Fault | undefined {
    const { share, seed } = this.options.refused ?? { share: 0, seed: '' };
    const drawn = createHash('sha256').update(`${seed}/${this.requests}`).digest().readUInt32BE(0) / 2 ** 32;
    if (drawn >= share) return undefined;
    this.refused += 1;
    return s3Error(503, 'SlowDown');
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    const onward = send(new URL(url!, this.options.target), { method, headers, agent: this.agent });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', (error) => response.destroy(error));
    request.pipe(onward);
  }
}

/** What S3 answers when it fails with a code. */
export function s3Error(status: number, code: string): Fault {
  return (_request, response) => {
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>by the proxy</Message></Error>`,
      );
    return true;
  };
}
