import http from 'node:http';
import https from 'node:https';
import { inspect } from 'node:util';
import { isSlipwayError } from '@slipway/domain';
import { ArchiveServer } from '../../test/archive-server';
import type { Resolver } from '../address-policy/address-policy';
import type { SourceCredential } from '../credentials/source-credentials';

const TOKEN = 's3cr3t-t0k3n';
const BEARER = `Bearer ${TOKEN}`;
const resolve: Resolver = async () => [{ address: '127.0.0.1', family: 4 }];

let server: ArchiveServer;
let other: ArchiveServer;
beforeAll(async () => {
  server = await ArchiveServer.start();
  other = await ArchiveServer.start();
});
afterAll(async () => {
  await server.http.stop();
  await other.http.stop();
});
beforeEach(() => [server, other].forEach(({ http }) => http.authorizations.splice(0)));
afterEach(() => jest.restoreAllMocks());

const named = (path: string): string => `http://files.example:${server.http.port}${path}`;
const redirectTo = (url: string): string => named(`/to/${encodeURIComponent(url)}`);

function credentials(port = server.http.port, more: Partial<SourceCredential> = {}): SourceCredential[] {
  return [{ host: `files.example:${port}`, scheme: 'http', token: TOKEN, ...more }];
}

describe('the credentials of an archive', () => {
  it.each<[string, Partial<SourceCredential>, string]>([
    ['as Bearer without a username', {}, BEARER],
    ['as Basic with one', { username: 'me' }, `Basic ${Buffer.from(`me:${TOKEN}`).toString('base64')}`],
  ])('are sent to their host %s', async (_, more, header) => {
    const { finalUrl, etag } = await server.fetched(named('/ok/'), {
      resolve,
      credentials: credentials(undefined, more),
    });
    expect(server.http.authorizations).toEqual([header]);
    expect([finalUrl, etag]).toEqual([named('/ok/'), '"v1"']);
  });

  it.each<[string, () => string, () => SourceCredential[]]>([
    ['another port', () => named('/ok/'), () => credentials(other.http.port)],
    ['the usual port', () => named('/ok/'), () => [{ host: 'files.example', scheme: 'http', token: TOKEN }]],
    [
      'a host below it',
      () => named('/ok/'),
      () => credentials(undefined, { host: `example:${server.http.port}` }),
    ],
    ['another scheme', () => named('/ok/'), () => credentials(undefined, { scheme: 'https' })],
    ['the address behind the name', () => `${server.base}/ok/`, () => credentials()],
  ])('are not sent for %s', async (_, url, set) => {
    await server.fetched(url(), { resolve, credentials: set() });
    expect(server.http.authorizations).toEqual([undefined]);
  });
});

describe('the credentials of an archive that redirects', () => {
  it('go along on the same host', async () => {
    await server.fetched(named('/again/1'), { resolve, credentials: credentials() });
    expect(server.http.authorizations).toEqual([BEARER, BEARER, BEARER]);
  });

  it('do not go along to another host, and come back to their own', async () => {
    const there = `${server.base}/to/${encodeURIComponent(named('/ok/'))}`;
    await server.fetched(redirectTo(there), { resolve, credentials: credentials() });
    expect(server.http.authorizations).toEqual([BEARER, undefined, BEARER]);
  });

  it.each<[string, string[], string | undefined]>([
    ['nothing', [], undefined],
    ['what is set for that one', ['other'], 'Bearer other'],
  ])('do not go along to another port, which gets %s', async (_, tokens, header) => {
    const host = `files.example:${other.http.port}`;
    const set = [...credentials(), ...tokens.map((token) => ({ host, scheme: 'http', token }) as const)];
    await server.fetched(redirectTo(`http://${host}/ok/`), { resolve, credentials: set, httpHosts: [host] });
    expect(server.http.authorizations).toEqual([BEARER]);
    expect(other.http.authorizations).toEqual([header]);
  });

  it('do not go along from https to http, on the same host and port', async () => {
    // The one server answers for both schemes: what matters is what it is sent.
    jest
      .spyOn(https, 'request')
      .mockImplementation(((url: URL, ...rest: [http.RequestOptions]) =>
        http.request(new URL(url.href.replace('https:', 'http:')), ...rest)) as typeof https.request);
    const secure = redirectTo(named('/status/403')).replace('http:', 'https:');
    const set = credentials(undefined, { scheme: 'https' });
    await expect(server.fetched(secure, { resolve, credentials: set })).rejects.toThrow(
      /none were sent to http:\/\/files\.example/,
    );
    expect(server.http.authorizations).toEqual([BEARER, undefined]);
  });
});

describe('an archive that is denied', () => {
  it.each([
    [
      '401',
      'without credentials',
      () => [],
      'without credentials, and none were sent to http://files.example:',
    ],
    [
      '403',
      'without credentials',
      () => [],
      'without credentials, and none were sent to http://files.example:',
    ],
    ['401', 'with credentials', credentials, 'with the credentials that are set for http://files.example:'],
    ['403', 'with credentials', credentials, 'with the credentials that are set for http://files.example:'],
  ])('by %s %s says so, and not which', async (status, _, set, words) => {
    const error: unknown = await server
      .fetched(named(`/status/${status}`), { resolve, credentials: set() })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'source_denied', message: expect.stringContaining(words) });
    expect(isSlipwayError(error) && error.hint).toContain('SOURCE_CREDENTIALS_FILE');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });

  it('because it is not reached leaks nothing either', async () => {
    const error: unknown = await server
      .fetched(named('/reset/'), { resolve, credentials: credentials(), limits: { tries: 1 } })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'source_unreachable' });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });
});
