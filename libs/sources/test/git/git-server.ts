import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoopbackServer } from '../loopback-server';
import { TestRepository } from './test-repository';

/** What git's server program gives for one request. */
interface CgiAnswer {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
}

const HEADERS_END = '\r\n\r\n';

function parsed(output: Buffer): CgiAnswer {
  const end = output.indexOf(HEADERS_END);
  const lines = output.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  return { status: parseInt(status, 10), headers, body: output.subarray(end + HEADERS_END.length) };
}

/** Git repositories behind smart HTTP: git's own server program, on a loopback address. */
export class GitServer {
  /** Answers instead of git where it is set. */
  instead?: RequestListener;
  /** The protocol of git before 2018, in which a server hands out only what its branches and tags point at. */
  old = false;

  private constructor(
    private readonly root: string,
    readonly http: LoopbackServer,
  ) {}

  static async start(): Promise<GitServer> {
    const root = await mkdtemp(join(tmpdir(), 'slipway-git-server-'));
    const http = await LoopbackServer.start((request, response) => {
      if (server.instead) server.instead(request, response);
      else void server.serve(request, response);
    });
    const server = new GitServer(root, http);
    return server;
  }

  get host(): string {
    return `127.0.0.1:${this.http.port}`;
  }

  url(name: string): string {
    return `http://${this.host}/${name}`;
  }

  repository(name: string): TestRepository {
    return new TestRepository(join(this.root, name));
  }

  /** Runs git's server program for one request. */
  async backend(request: IncomingMessage): Promise<CgiAnswer> {
    const { pathname, search } = new URL(request.url ?? '', 'http://server');
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        HOME: this.root,
        GIT_PROJECT_ROOT: this.root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_PROTOCOL: this.old ? '' : String(request.headers['git-protocol'] ?? ''),
        REQUEST_METHOD: request.method,
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: request.headers['content-type'],
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    // A request that is refused is not read to its end.
    request.pipe(child.stdin.on('error', () => request.resume()));
    return parsed(Buffer.concat(await child.stdout.toArray()));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.backend(request);
    response.writeHead(status, headers.flat()).end(body);
  }

  async stop(): Promise<void> {
    await this.http.stop();
    await rm(this.root, { recursive: true, force: true });
  }
}
