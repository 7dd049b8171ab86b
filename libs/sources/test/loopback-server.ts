import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a loopback address, which counts who comes: also those that only connect. */
export class LoopbackServer {
  private readonly server: Server;
  contacts = 0;
  /** Paths that were asked for, in order. */
  readonly paths: string[] = [];
  /** Host headers, in order. */
  readonly hosts: string[] = [];
  /** Headers Authorization, in order. */
  readonly authorizations: (string | undefined)[] = [];

  private constructor(handler: RequestListener) {
    this.server = createServer((request, response) => {
      this.paths.push(request.url ?? '');
      this.hosts.push(request.headers.host ?? '');
      this.authorizations.push(request.headers.authorization);
      handler(request, response);
    });
    this.server.on('connection', () => void (this.contacts += 1));
  }

  static async start(handler: RequestListener, address = '127.0.0.1'): Promise<LoopbackServer> {
    const started = new LoopbackServer(handler);
    await new Promise<void>((resolve) => started.server.listen(0, address, resolve));
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  openConnections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
