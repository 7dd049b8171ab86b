import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What is answered; `broken` destroys the connection instead. */
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | 'broken';

/** An HTTP server for specs that answers as it is told, and remembers what it was asked. */
export class FakeSystem {
  readonly requests: Request[] = [];
  readonly url: string;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async listen(answer: (request: Request) => Reply): Promise<FakeSystem> {
    const server = createServer((incoming, response) => void fake.handle(incoming, response, answer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fake = new FakeSystem(server);
    return fake;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(
    incoming: IncomingMessage,
    response: ServerResponse,
    answer: (request: Request) => Reply,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    this.requests.push(request);
    const reply = answer(request);
    if (reply === 'broken') return void incoming.socket.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body ?? {}));
  }
}
