import { Socket } from 'node:net';
import { isSlipwayError } from '@slipway/domain';
import { HOSTILE_ANSWERS, HOSTILE_HOSTS, HOSTILE_URLS } from '../../test/hostile/urls';
import { LoopbackServer } from '../../test/loopback-server';
import { fetchUrl } from '../archive-url/fetch-url';
import { SourceCredentials } from '../credentials/source-credentials';
import { DEFAULT_LIMITS } from '../limits';
import { AddressPolicy, type Resolver } from './address-policy';

const SETTING = { limits: DEFAULT_LIMITS, credentials: new SourceCredentials() };

let trap: LoopbackServer;
/** The only host that may be plain http; it sends everybody to where the query says. */
let redirector: LoopbackServer;
/** Every attempt of this process to connect to anything. */
let connects: jest.SpyInstance;

beforeAll(async () => {
  trap = await LoopbackServer.start((_request, response) => void response.end('secret'));
  redirector = await LoopbackServer.start((request, response) => {
    const location = decodeURIComponent(new URL(request.url ?? '', 'http://redirector').search.slice(1));
    // As bytes, because a header field holds no other characters.
    response.writeHead(302, { location: Buffer.from(location).toString('latin1') }).end();
  });
});
afterAll(async () => {
  await trap.stop();
  await redirector.stop();
});
beforeEach(() => void (connects = jest.spyOn(Socket.prototype, 'connect')));
afterEach(() => void connects.mockRestore());

const toLoopback: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];

async function refusal(url: string, resolve = toLoopback): Promise<string> {
  const policy = new AddressPolicy({ httpHosts: [`127.0.0.1:${redirector.port}`], resolve });
  const error: unknown = await fetchUrl(url, { policy, ...SETTING }).then(
    ({ bytes }) => `it was fetched: ${bytes.toString()}`,
    (reason: unknown) => reason,
  );
  return isSlipwayError(error) ? `${error.code}: ${error.message}` : String(error);
}

function redirectTo(url: string): Promise<string> {
  return refusal(`http://127.0.0.1:${redirector.port}/?${encodeURIComponent(url)}`);
}

/** The arguments of an attempt to connect: Node's own options, wrapped once more by `net.connect`. */
function toTheRedirector(): unknown {
  return expect.arrayContaining([expect.objectContaining({ port: redirector.port })]);
}

const URLS = [...HOSTILE_HOSTS.map(([host, words]) => [`https://${host}/`, words] as const), ...HOSTILE_URLS];

it('are at least 120', () => expect(new Set(URLS.map(([url]) => url)).size).toBeGreaterThanOrEqual(120));

it('the trap counts who comes, and attempts to connect are seen', async () => {
  const policy = new AddressPolicy({ httpHosts: [`127.0.0.1:${trap.port}`] });
  await fetchUrl(`http://127.0.0.1:${trap.port}/`, { policy, ...SETTING });
  expect([trap.contacts, connects.mock.calls.length]).toEqual([1, 1]);
  trap.contacts = 0;
});

describe('a hostile address', () => {
  it.each(URLS)('%j is refused without an attempt to connect: it %s', async (url, words) => {
    const said = await refusal(url);
    expect(said).toMatch(/^source_url_refused: /);
    expect(said).toContain(words);
    expect(said).not.toContain('secret');
    expect(connects).not.toHaveBeenCalled();
  });
});

describe('a redirect to a hostile address', () => {
  // What a header field cannot hold is nothing that a server could send.
  const sendable = URLS.filter(([url]) => url.trim() !== '' && !/[\0\n\t]/.test(url));

  it.each(sendable)('%j is not followed', async (url) => {
    expect(await redirectTo(url)).toMatch(/^source_url_refused: /);
    // Relative addresses lead back to the server itself; nobody else is connected to.
    for (const [options] of connects.mock.calls) expect(options).toEqual(toTheRedirector());
  });
});

describe('the trap on this machine', () => {
  it.each(HOSTILE_HOSTS)('is not reached as %j', async (host) => {
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://${host}:${trap.port}/`;
      expect(await refusal(url)).toMatch(/^source_url_refused: /);
      expect(await redirectTo(url)).toMatch(/^source_url_refused: /);
    }
    expect(trap.contacts).toBe(0);
  });
});

describe('a name', () => {
  const answer =
    (addresses: readonly string[]): Resolver =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

  it.each(HOSTILE_ANSWERS)('that resolves to %j is refused as %s', async (addresses, words) => {
    const said = await refusal('https://public.example/', answer(addresses));
    expect(said).toMatch(/^source_url_refused: /);
    expect(said).toContain(words);
    expect(connects).not.toHaveBeenCalled();
  });

  it('that was public before is looked at again, and refused once it is not', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const policy = new AddressPolicy({
      httpHosts: [],
      resolve: (host) => answer(answers.shift() ?? [])(host),
    });
    const { signal } = new AbortController();
    await expect(policy.check('https://rebinding.example/', signal)).resolves.toMatchObject({
      addresses: [{ address: '8.8.8.8' }],
    });
    await expect(policy.check('https://rebinding.example/', signal)).rejects.toMatchObject({
      code: 'source_url_refused',
    });
  });
});
