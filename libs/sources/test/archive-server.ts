import type { ServerResponse } from 'node:http';
import { AddressPolicy, type Resolver } from '../src/address-policy/address-policy';
import { fetchUrl, type FetchedUrl } from '../src/archive-url/fetch-url';
import { SourceCredentials, type SourceCredential } from '../src/credentials/source-credentials';
import { DEFAULT_LIMITS, type SourceLimits } from '../src/limits';
import { LoopbackServer } from './loopback-server';

export type Route = (response: ServerResponse, rest: string) => void;

interface Given {
  limits?: Partial<SourceLimits>;
  resolve?: Resolver;
  credentials?: readonly SourceCredential[];
  /** What else may be plain http. */
  httpHosts?: readonly string[];
}

/** What the server answers, by the first part of the path. */
export const ROUTES = {
  ok: (response) => void response.writeHead(200, { etag: '"v1"' }).end('archive'),
  status: (response, rest) => void response.writeHead(Number(rest)).end(),
  to: (response, rest) => void response.writeHead(302, { location: decodeURIComponent(rest) }).end(),
  again: (response, rest) =>
    void response.writeHead(307, { location: rest === '0' ? '/ok/' : `/again/${Number(rest) - 1}` }).end(),
  large: (response) => void response.writeHead(200, { 'content-length': 10_000 }).end(Buffer.alloc(10_000)),
  endless: (response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1000)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
  silent: () => undefined,
  drip: (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  },
  cut: (response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('half');
    response.socket?.end();
  },
  reset: (response) => void response.socket?.destroy(),
} satisfies Record<string, Route>;

function routeOf(name: string): Route | undefined {
  return (ROUTES as Record<string, Route>)[name];
}

/** A server of archives on a loopback address, and a way to fetch from it. */
export class ArchiveServer {
  /** What it answers to the next requests for /next/; after these it gives the archive. */
  readonly script: Route[] = [];

  private constructor(readonly http: LoopbackServer) {}

  static async start(): Promise<ArchiveServer> {
    const server: ArchiveServer = new ArchiveServer(
      await LoopbackServer.start((request, response) => {
        const [, route = '', ...rest] = (request.url ?? '').split('/');
        if (route === 'next') (server.script.shift() ?? ROUTES.ok)(response, '');
        else (routeOf(route) ?? ROUTES.status)(response, routeOf(route) ? rest.join('/') : '404');
      }),
    );
    return server;
  }

  get base(): string {
    return `http://127.0.0.1:${this.http.port}`;
  }

  /** Fetches a path or a whole URL, where this server may be plain http under its address and `files.example`. */
  fetched(
    path: string,
    { limits, resolve, credentials, httpHosts: more = [] }: Given = {},
  ): Promise<FetchedUrl> {
    const own = ['127.0.0.1', 'files.example'].map((host) => `${host}:${this.http.port}`);
    const httpHosts = [...own, ...more];
    return fetchUrl(path.startsWith('http') ? path : `${this.base}${path}`, {
      policy: new AddressPolicy({ httpHosts, resolve }),
      limits: { ...DEFAULT_LIMITS, ...limits },
      credentials: new SourceCredentials(credentials),
    });
  }
}
