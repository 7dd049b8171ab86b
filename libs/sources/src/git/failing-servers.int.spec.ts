import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { eventually } from '@slipway/testing';
import { LoopbackServer } from '../../test/loopback-server';
import { GitTrial } from '../../test/git/git-trial';
import type { TestRepository } from '../../test/git/test-repository';

const SOON = { fetchMs: 400 };
const MIB = 1024 * 1024;

let trial: GitTrial;
let trap: LoopbackServer;
let url: string;
let repository: TestRepository;

beforeAll(async () => {
  trial = await GitTrial.begin();
  trap = await LoopbackServer.start((_request, response) => void response.end('secret'));
  url = trial.server.url('hello');
  repository = trial.server.repository('hello');
  repository.commit({ 'index.js': 'a' });
});
afterAll(async () => {
  await trial.end();
  await trap.stop();
});
afterEach(async () => {
  trial.server.instead = undefined;
  expect(await trial.remains()).toEqual([]);
  expect(trap.contacts).toBe(0);
});

function answering(code: number, headers: Record<string, string> = {}) {
  return (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code, headers).end();
}

describe('a server that does not give its repository', () => {
  it.each([
    [404, 'source_missing'],
    [410, 'source_missing'],
    [401, 'source_denied'],
    [403, 'source_denied'],
    [408, 'source_timeout'],
    [504, 'source_timeout'],
    [500, 'source_unreachable'],
    [503, 'source_throttled'],
    [429, 'source_throttled'],
  ])('answers %d, which means %s', async (code, expected) => {
    trial.server.instead = answering(code, { 'www-authenticate': 'Basic realm="git"' });
    expect(await trial.refusal({ url })).toMatch(new RegExp(`^${expected}: .*${url}`));
  });

  it('is not asked a second time with credentials', async () => {
    trial.server.instead = answering(401, { 'www-authenticate': 'Basic realm="git"' });
    const before = trial.server.http.paths.length;
    await trial.refusal({ url });
    expect(trial.server.http.paths.slice(before)).toEqual(['/hello/info/refs?service=git-upload-pack']);
  });

  it.each([
    ['a page', () => (_: IncomingMessage, response: ServerResponse) => void response.end('<p>\nHello.\n')],
    [
      'plain files, with those of another server among them',
      () => (request: IncomingMessage, response: ServerResponse) => {
        const id = repository.git(['rev-parse', 'main']);
        const answers: Record<string, string> = {
          '/hello/info/refs': `${id}\trefs/heads/main\n`,
          '/hello/HEAD': 'ref: refs/heads/main\n',
          '/hello/objects/info/http-alternates': `http://127.0.0.1:${trap.port}/objects\n`,
        };
        const text = answers[(request.url ?? '').replace(/\?.*/, '')];
        response.writeHead(text === undefined ? 404 : 200).end(text);
      },
    ],
  ])('answers with %s, which is no repository', async (_, instead) => {
    trial.server.instead = instead();
    expect(await trial.refusal({ url })).toMatch(/^source_invalid: .*does not answer as a git repository/);
  });

  it('cannot be reached where nobody listens', async () => {
    const said = await trial.refusal({ url: 'http://127.0.0.1:9/hello' }, {}, { httpHosts: ['127.0.0.1:9'] });
    expect(said).toMatch(/^source_unreachable: /);
  });
});

describe('a server that fails for a moment', () => {
  /** The status of an answer, or half of an answer. */
  it.each<[string, number | undefined]>([
    ['with 503', 503],
    ['with half an answer', undefined],
  ])('%s is asked again', async (_, status) => {
    let failures = 0;
    trial.server.instead = (request, response) => {
      const failing = status !== undefined || request.method === 'POST';
      if (failing && failures++ === 0) void broken(request, response, status);
      else void trial.server.serve(request, response);
    };
    expect((await trial.read({ url }, { tries: 2 })).entries).toHaveLength(1);
    expect(failures).toBeGreaterThan(1);
  });

  it('is not asked again for what it does not have', async () => {
    const before = trial.server.http.paths.length;
    expect(await trial.refusal({ url: trial.server.url('none') }, { tries: 4 })).toMatch(/^source_missing: /);
    expect(trial.server.http.paths.length - before).toBe(1);
  });

  async function broken(request: IncomingMessage, response: ServerResponse, status?: number): Promise<void> {
    if (status !== undefined) return answering(status)(request, response);
    const { headers, body } = await trial.server.backend(request);
    response.writeHead(200, headers.flat());
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }
});

describe('a redirect of a repository', () => {
  it.each([
    ['at once', '/hello/info/refs'],
    ['once it has told what it has', '/hello/git-upload-pack'],
  ])('%s is refused, and nobody is contacted', async (_, path) => {
    trial.server.instead = (request, response) => {
      const { pathname, search } = new URL(request.url ?? '', 'http://server');
      if (pathname === path)
        answering(302, { location: `http://127.0.0.1:${trap.port}${pathname}${search}` })(request, response);
      else void trial.server.serve(request, response);
    };
    expect(await trial.refusal({ url })).toMatch(/^source_url_refused: .*redirects/);
  });
});

describe('a server that does not end', () => {
  /** Sends the first half of a long answer, and nothing after it. */
  async function half(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await trial.server.backend(request);
    response.writeHead(status, headers.flat());
    if (body.length < MIB) response.end(body);
    else response.write(body.subarray(0, body.length / 2));
  }

  it('is left at the limit of time, by all processes of git', async () => {
    trial.server.instead = () => undefined;
    const said = await trial.refusal({ url }, SOON);
    expect(said).toBe(`source_timeout: The repository ${url} was not delivered within 0.4 s.`);
    await eventually(
      'the end of the connection',
      async () => (await trial.server.http.openConnections()) === 0,
    );
  });

  it('is left at the limit of bytes, while it is still sending', async () => {
    repository.commit({ 'large.bin': randomBytes(8 * MIB) }, 'large');
    trial.server.instead = (request, response) => void half(request, response);
    const said = await trial.refusal({ url, ref: 'large' }, { totalBytes: MIB });
    expect(said).toBe(
      `source_too_large: The repository ${url} has more than ${MIB} bytes at one commit, compressed.`,
    );
  });
});
