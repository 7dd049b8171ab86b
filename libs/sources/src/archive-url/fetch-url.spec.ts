import { LoopbackServer } from '../../test/loopback-server';
import { ArchiveServer } from '../../test/archive-server';
import { AddressPolicy, type Resolver } from '../address-policy/address-policy';
import { SourceCredentials } from '../credentials/source-credentials';
import { DEFAULT_LIMITS } from '../limits';
import { fetchUrl } from './fetch-url';

const ONCE = { tries: 1 };

let server: ArchiveServer;
let trap: LoopbackServer;

beforeAll(async () => {
  server = await ArchiveServer.start();
  trap = await LoopbackServer.start((_request, response) => void response.end('secret'));
});
afterAll(async () => {
  await server.http.stop();
  await trap.stop();
});

describe('fetching an archive', () => {
  it('gives its bytes, its ETag and its address without the query', async () => {
    const { bytes, finalUrl, etag } = await server.fetched('/ok/a.zip?signature=secret');
    expect([bytes.toString(), finalUrl, etag]).toEqual(['archive', `${server.base}/ok/a.zip`, '"v1"']);
  });

  it('follows five redirects, relative ones too, and no sixth', async () => {
    expect((await server.fetched('/again/4')).finalUrl).toBe(`${server.base}/ok/`);
    await expect(server.fetched('/again/5?signature=secret')).rejects.toMatchObject({
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
    const { bytes } = await server.fetched(`http://files.example:${server.http.port}/ok/`, { resolve });
    expect(bytes.toString()).toBe('archive');
    expect(asked).toEqual(['files.example']);
    expect(server.http.hosts.at(-1)).toBe(`files.example:${server.http.port}`);
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
    ['/status/408', 'source_timeout'],
    ['/status/504', 'source_timeout'],
    ['/status/429', 'source_throttled'],
    ['/status/503', 'source_throttled'],
    ['/status/500', 'source_unreachable'],
    ['/reset/', 'source_unreachable'],
    ['/cut/', 'source_truncated'],
  ])('%s fails with %s', async (path, code) => {
    await expect(server.fetched(path, { limits: ONCE })).rejects.toMatchObject({ code });
  });

  it('says "source file not found" where there is nothing', async () => {
    await expect(server.fetched('/status/404')).rejects.toThrow('source file not found');
  });

  it('cannot reach a host where nobody listens', async () => {
    const setting = {
      policy: new AddressPolicy({ httpHosts: ['127.0.0.1:9'] }),
      limits: { ...DEFAULT_LIMITS, ...ONCE },
      credentials: new SourceCredentials(),
    };
    await expect(fetchUrl('http://127.0.0.1:9/a.zip', setting)).rejects.toMatchObject({
      code: 'source_unreachable',
    });
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
    ['credentials', () => `http://user:secret@127.0.0.1:${server.http.port}/ok/`],
    ['a file', () => 'file:///etc/passwd'],
    ['what is no URL', () => 'http://'],
  ])('to %s is refused, and nobody is contacted', async (_, location) => {
    const resolve: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];
    await expect(server.fetched(`/to/${encodeURIComponent(location())}`, { resolve })).rejects.toMatchObject({
      code: 'source_url_refused',
    });
    expect(trap.contacts).toBe(0);
  });
});
