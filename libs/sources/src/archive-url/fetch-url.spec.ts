import type { ServerResponse } from 'node:http';
import { LoopbackServer } from '../../test/loopback-server';
import { AddressPolicy, type Resolver } from '../address-policy/address-policy';
import { DEFAULT_LIMITS, type SourceLimits } from '../limits';
import { fetchUrl, type FetchedUrl } from './fetch-url';

const SOON: Partial<SourceLimits> = { fetchMs: 150 };

let server: LoopbackServer;
let trap: LoopbackServer;

/** What the server answers, by the first part of the path. */
const ROUTES: Record<string, (response: ServerResponse, rest: string) => void> = {
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
};

beforeAll(async () => {
  server = await LoopbackServer.start((request, response) => {
    const [, route = '', ...rest] = (request.url ?? '').split('/');
    (ROUTES[route] ?? ROUTES['status']!)(response, ROUTES[route] ? rest.join('/') : '404');
  });
  trap = await LoopbackServer.start((_request, response) => void response.end('secret'));
});
afterAll(async () => {
  await server.stop();
  await trap.stop();
});

const base = (): string => `http://127.0.0.1:${server.port}`;

function fetched(path: string, limits: Partial<SourceLimits> = {}, resolve?: Resolver): Promise<FetchedUrl> {
  const policy = new AddressPolicy({
    httpHosts: [`127.0.0.1:${server.port}`, `files.example:${server.port}`],
    resolve,
  });
  return fetchUrl(path.startsWith('http') ? path : `${base()}${path}`, policy, {
    ...DEFAULT_LIMITS,
    ...limits,
  });
}

describe('fetching an archive', () => {
  it('gives its bytes, its ETag and its address without the query', async () => {
    const { bytes, finalUrl, etag } = await fetched('/ok/a.zip?signature=secret');
    expect([bytes.toString(), finalUrl, etag]).toEqual(['archive', `${base()}/ok/a.zip`, '"v1"']);
  });

  it('follows five redirects, relative ones too, and no sixth', async () => {
    expect((await fetched('/again/4')).finalUrl).toBe(`${base()}/ok/`);
    await expect(fetched('/again/5?signature=secret')).rejects.toMatchObject({
      code: 'source_url_refused',
      message: expect.not.stringContaining('secret'),
    });
  });

  it('connects to the address that was checked, under the name that was given', async () => {
    const asked: string[] = [];
    const resolve: Resolver = async (host) => {
      // The second answer would be another one, as a rebinding server's is.
      asked.push(host);
      return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }];
    };
    const { bytes } = await fetched(`http://files.example:${server.port}/ok/`, {}, resolve);
    expect(bytes.toString()).toBe('archive');
    expect(asked).toEqual(['files.example']);
    expect(server.hosts.at(-1)).toBe(`files.example:${server.port}`);
  });

  it.each([
    ['/status/404', 'source_missing'],
    ['/status/410', 'source_missing'],
    ['/status/401', 'source_denied'],
    ['/status/403', 'source_denied'],
    ['/status/400', 'source_invalid'],
    ['/status/206', 'source_invalid'],
    ['/status/304', 'source_invalid'],
    ['/status/302', 'source_invalid'],
    ['/status/429', 'source_unreachable'],
    ['/status/500', 'source_unreachable'],
    ['/cut/', 'source_unreachable'],
  ])('%s fails with %s', async (path, code) => {
    await expect(fetched(path)).rejects.toMatchObject({ code });
  });

  it('says "source file not found" where there is nothing', async () => {
    await expect(fetched('/status/404')).rejects.toThrow('source file not found');
  });

  it('cannot reach a host where nobody listens', async () => {
    const policy = new AddressPolicy({ httpHosts: ['127.0.0.1:9'] });
    await expect(fetchUrl('http://127.0.0.1:9/a.zip', policy, DEFAULT_LIMITS)).rejects.toMatchObject({
      code: 'source_unreachable',
    });
  });
});

describe('a server that does not end', () => {
  it.each(['/large/', '/endless/'])('%s is left at the limit of bytes', async (path) => {
    await expect(fetched(path, { totalBytes: 5000 })).rejects.toMatchObject({ code: 'source_too_large' });
  });

  it.each(['/silent/', '/drip/'])('%s is left at the limit of time', async (path) => {
    await expect(fetched(path, SOON)).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('0.15 s'),
    });
  });

  it('keeps no connection', async () => {
    await expect(fetched('/drip/', SOON)).rejects.toBeDefined();
    while ((await server.openConnections()) > 0) await new Promise(setImmediate);
  });
});

describe('a redirect', () => {
  it.each([
    ['a forbidden address', () => `http://127.0.0.1:${trap.port}/`],
    ['a forbidden address over https', () => `https://127.0.0.1:${trap.port}/`],
    ['a short spelling', () => `http://127.1:${trap.port}/`],
    ['a number', () => `http://2130706433:${trap.port}/`],
    ['a relative host', () => `//127.0.0.1:${trap.port}/`],
    ['a mapped address', () => `http://[::ffff:127.0.0.1]:${trap.port}/`],
    ['a name that leads there', () => `http://trap.example:${trap.port}/`],
    ['a name over https that leads there', () => 'https://trap.example/'],
    ['credentials', () => `http://user:secret@127.0.0.1:${server.port}/ok/`],
    ['a file', () => 'file:///etc/passwd'],
    ['what is no URL', () => 'http://'],
  ])('to %s is refused, and nobody is contacted', async (_, location) => {
    const resolve: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];
    await expect(fetched(`/to/${encodeURIComponent(location())}`, {}, resolve)).rejects.toMatchObject({
      code: 'source_url_refused',
    });
    expect(trap.contacts).toBe(0);
  });
});
