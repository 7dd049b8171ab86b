import { eventually } from '@slipway/testing';
import { ArchiveServer, ROUTES, type Route } from '../../test/archive-server';
import { retryAfterSeconds } from './refused-answer';

const SOON = { fetchMs: 150 };

let server: ArchiveServer;
let asked: number;

beforeAll(async () => void (server = await ArchiveServer.start()));
afterAll(() => server.http.stop());
beforeEach(() => void (asked = server.http.paths.length));

const times = (): number => server.http.paths.length - asked;

describe('a server that fails for a moment', () => {
  const status =
    (code: number, headers: Record<string, string> = {}): Route =>
    (response) =>
      void response.writeHead(code, headers).end();

  it.each<[string, Route]>([
    ['500', status(500)],
    ['503', status(503)],
    ['429', status(429)],
    ['408', status(408)],
    ['hangs up', ROUTES.reset],
    ['ends too early', ROUTES.cut],
  ])('and answers %s is asked again', async (_, route) => {
    server.script.push(route);
    expect((await server.fetched('/next/')).bytes.toString()).toBe('archive');
    expect(times()).toBe(2);
  });

  it('is asked again behind its redirect, from the first address on', async () => {
    server.script.push(status(302, { location: '/status/500' }));
    await server.fetched('/next/');
    expect(server.http.paths.slice(asked)).toEqual(['/next/', '/status/500', '/next/']);
  });

  it('is asked four times in all', async () => {
    await expect(server.fetched('/status/500')).rejects.toMatchObject({ code: 'source_unreachable' });
    expect(times()).toBe(4);
  });

  it.each(['/status/404', '/status/403', '/status/400', '/large/'])(
    'is not asked again where %s would not change',
    async (path) => {
      await expect(server.fetched(path, { limits: { totalBytes: 5000 } })).rejects.toBeDefined();
      expect(times()).toBe(1);
    },
  );

  it('is left alone as long as it asks for', async () => {
    let began = 0;
    server.script.push((response) => {
      began = Date.now();
      status(503, { 'retry-after': '1' })(response, '');
    });
    await server.fetched('/next/');
    expect(Date.now() - began).toBeGreaterThanOrEqual(990);
  });

  it('is not waited for where it asks for more time than there is', async () => {
    server.script.push(status(429, { 'retry-after': '3600' }));
    await expect(server.fetched('/next/')).rejects.toMatchObject({
      code: 'source_throttled',
      retryAfterSeconds: 3600,
    });
    expect(times()).toBe(1);
  });

  it.each([
    ['120', 120],
    ['0', 0],
    ['99999999999', 86_400],
    ['Thu, 01 Jan 1970 00:02:00 GMT', 120],
    ['Wed, 31 Dec 1969 00:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('asks by Retry-After %j for %j s', (header, seconds) => {
    expect(retryAfterSeconds(header, 0)).toBe(seconds);
  });
});

describe('a server that does not end', () => {
  it.each(['/large/', '/endless/'])('%s is left at the limit of bytes', async (path) => {
    await expect(server.fetched(path, { limits: { totalBytes: 5000 } })).rejects.toMatchObject({
      code: 'source_too_large',
    });
  });

  it.each(['/silent/', '/drip/'])('%s is left at the limit of time', async (path) => {
    await expect(server.fetched(path, { limits: SOON })).rejects.toMatchObject({
      code: 'source_timeout',
      message: expect.stringContaining('0.15 s'),
    });
  });

  it('keeps no connection', async () => {
    await expect(server.fetched('/drip/', { limits: SOON })).rejects.toBeDefined();
    await eventually('the end of all connections', async () => (await server.http.openConnections()) === 0);
  });
});
