import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { SlipwayError } from '@slipway/domain';
import { answerClientError } from '@slipway/service-kit';
import { CallTimer } from '../functions/call-timer';
import type { FunctionLog } from '../functions/function-definition';
import type { FunctionPool } from '../functions/function-pool';
import { answerProblem } from './answer-problem';
import { requestHeaders, responseHeaders } from './forwarded-headers';
import { routeOf, type Route } from './route';

export interface ProxyServerOptions {
  pool: Pick<FunctionPool, 'acquire'>;
  log: FunctionLog;
  /** Takes a request before any function does, and says so by true: health and metrics, where they share the port. */
  reserved?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Brings HTTP requests to functions. Bodies pass through in both directions as they come. */
export class ProxyServer {
  private readonly server: Server;

  constructor(private readonly options: ProxyServerOptions) {
    this.server = createServer((incoming, response) => void this.handle(incoming, response));
    this.server.on('clientError', answerClientError);
    // A long upload is the function's affair; its time limit holds for the whole call.
    this.server.requestTimeout = 0;
  }

  /** Returns the port that it listens on. */
  async listen(host: string, port: number): Promise<number> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more connections, and waits for the answers under way at most `withinMs`. */
  async close(withinMs = 10_000): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeIdleConnections();
    const limit = setTimeout(() => this.server.closeAllConnections(), withinMs);
    await closed;
    clearTimeout(limit);
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // Broken connections show up in the pipelines below; an unheard 'error' would end the gateway.
    incoming.on('error', () => undefined);
    response.on('error', () => undefined);
    if (this.options.reserved?.(incoming, response) === true) return;
    const timer = new CallTimer();
    response.on('close', () => timer.callerGone());
    try {
      await this.forward(incoming, response, timer);
    } catch (error) {
      // The reason of the signal says more than the broken connection that came of it.
      const cause: unknown = timer.signal.aborted ? timer.signal.reason : error;
      this.options.log.info({ err: cause, path: incoming.url }, 'a request was not served');
      answerProblem(response, cause);
    } finally {
      timer.end();
    }
  }

  private async forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    timer: CallTimer,
  ): Promise<void> {
    const route = routeOf(incoming);
    if (route === undefined) throw new SlipwayError('not_found', 'No function is named by this address.');
    timer.wait(route.service);
    const { definition, port, release } = await this.options.pool.acquire(route.service, timer.signal);
    timer.begin(route.service, definition.options.timeout_seconds);
    try {
      const answer = await this.ask(incoming, route, port, timer.signal);
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer));
      await pipeline(answer, response);
    } finally {
      release();
    }
  }

  private ask(
    incoming: IncomingMessage,
    route: Route,
    port: number,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { method } = incoming;
    const headers = requestHeaders(incoming);
    const options = { host: '127.0.0.1', port, method, path: route.path, headers, agent: false, signal };
    return new Promise((resolve, reject) => {
      const asked = request(options, resolve);
      asked.on('error', (cause) => {
        const message = `The function ${route.service} broke off: ${cause.message}.`;
        reject(new SlipwayError('function_failed', message, { cause }));
      });
      incoming.pipe(asked);
    });
  }
}
