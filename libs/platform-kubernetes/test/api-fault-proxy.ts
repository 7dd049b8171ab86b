import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as send, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';

/** Answers one request instead of the server; returns false where it leaves it to the server. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Stands between a client and an API server, and lets the next requests fail as scripted. */
export class ApiFaultProxy {
  private readonly faults: Fault[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'));
  private readonly server = createServer((request, response) => {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.faults.shift()?.(request, response)) request.resume();
    else this.forward(request, response);
  });
  /** Method and path of those that came. */
  readonly requests: string[] = [];
  /** Those that clients have opened. */
  connections = 0;

  private constructor(
    private readonly target: string,
    /** What authenticates the proxy, which its clients need not. */
    private readonly options: RequestOptions,
  ) {
    this.server.on('connection', () => (this.connections += 1));
  }

  static async start(config: KubeConfig): Promise<ApiFaultProxy> {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key, headers } = options;
    const agent = new Agent({ keepAlive: true, ca, cert, key });
    const proxy = new ApiFaultProxy(config.getCurrentCluster()!.server, { agent, headers });
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** A kubeconfig file that leads to the proxy. */
  get kubeconfig(): string {
    const file = join(this.folder, 'kubeconfig');
    const server = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const named = { name: 'proxy' };
    const config = {
      clusters: [{ ...named, cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ ...named, user: {} }],
      contexts: [{ ...named, context: { cluster: 'proxy', user: 'proxy' } }],
      'current-context': 'proxy',
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  /** The next requests are answered by these, one each, and noted from here. */
  next(...faults: Fault[]): void {
    this.requests.length = 0;
    this.faults.splice(0, Infinity, ...faults);
  }

  async stop(): Promise<void> {
    (this.options.agent as Agent).destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    const onward = send(new URL(url!, this.target), {
      ...this.options,
      method,
      headers: { ...headers, ...this.options.headers },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', (error) => response.destroy(error));
    // A client that is killed in the middle leaves half a request to the server as well.
    request.on('close', () => request.complete || onward.destroy());
    request.pipe(onward);
  }
}

/** What the API server answers when it fails: a `Status` object. */
export function apiStatus(
  code: number,
  reason: string,
  { message = 'by the proxy', headers = {} }: { message?: string; headers?: Record<string, string> } = {},
): Fault {
  return (_request, response) => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(status));
    return true;
  };
}

/** Takes the request and never answers. */
export const hang: Fault = () => true;

/** Breaks the connection without an answer. */
export const reset: Fault = (request) => {
  request.socket.destroy();
  return true;
};

/** Lets the server do what is asked, and loses its answer. */
export const loseTheAnswer: Fault = (_request, response) => {
  response.writeHead = () => response.destroy();
  return false;
};
