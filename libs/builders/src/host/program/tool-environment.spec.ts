import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runInNewContext } from 'node:vm';
import { maskCredentials } from './credentials';
import { maskedOutput } from './masked-output';
import { hostBuildSettings } from './settings';
import { withoutCredentials } from './tool-environment';

test.each([
  ['GET https://ada:s3cret@r.example/npm/ms 404', 'GET https://***@r.example/npm/ms 404'],
  ['http://token@r.example/', 'http://***@r.example/'],
  ['https://:token@r.example/', 'https://***@r.example/'],
  ['https://token:@r.example/', 'https://***@r.example/'],
  ['https://token:x-oauth-basic@r.example/', 'https://***@r.example/'],
  ['https://ada:p@ss@r.example/x', 'https://***@r.example/x'],
  ['a=git+ssh://git:pw@h/x.git b=https://u:p@h', 'a=git+ssh://***@h/x.git b=https://***@h'],
  ['npm notice https://r.example/@scope/pkg and ada@mail.example', undefined],
  ['{"a":"https://r.example","b":"x@y"}', undefined],
])('%s is masked as it should', (line, masked) => {
  expect(maskCredentials(line)).toBe(masked ?? line);
});

test('a long text is masked without being read from each of its letters again', () => {
  const text = 'a.'.repeat(1_000_000);
  expect(runInNewContext('mask(text)', { mask: maskCredentials, text }, { timeout: 5_000 })).toBe(text);
});

test('an address that comes in pieces is masked too, and nothing is lost', async () => {
  const pieces = ['one https://ada:s3', 'cret@r.exa', 'mple\ntwo ✓\r', 'three https://u:p@h'].map((each) =>
    Buffer.from(each),
  );
  const output = await text(Readable.from(pieces).pipe(maskedOutput()));
  expect(output).toBe('one https://***@r.example\ntwo ✓\rthree https://***@h');
});

test('a line without an end is passed on before it fills the memory', async () => {
  const stream = maskedOutput();
  stream.write('x'.repeat(100_000));
  expect(String(stream.read())).toHaveLength(100_000);
});

const GIVEN = {
  PATH: '/bin',
  npm_config_registry: 'https://ada:s3cret@r.example/npm/',
  NPM_CONFIG_USERCONFIG: '/etc/slipway/npmrc',
  'npm_config_//r.example/npm/:_authToken': 't0ken',
  PIP_INDEX_URL: 'https://ada:s3cret@r.example/simple/',
  PIP_CONFIG_FILE: '/etc/slipway/pip.conf',
  GOPROXY: 'https://ada:s3cret@r.example/go,direct',
  NETRC: '/etc/slipway/netrc',
  YARN_NPM_AUTH_IDENT: 'ada:s3cret',
  NPM_CONFIG_KEY: 's3cret',
  NPM_CONFIG_CERT: 's3cret',
  NPM_CONFIG_OTP: '123456',
  'npm_config_//r.example/npm/:keyfile': '/etc/slipway/key.pem',
};

test("what a source brings itself gets the operator's registries without the right to them", () => {
  expect(withoutCredentials(GIVEN)).toEqual({
    PATH: '/bin',
    npm_config_registry: 'https://r.example/npm/',
    PIP_INDEX_URL: 'https://r.example/simple/',
    GOPROXY: 'https://r.example/go,direct',
  });
});

test("tools get the operator's settings, caches of the tenant, and nothing of the builder's own", () => {
  const own = { SLIPWAY_JOB: 'u-1' };
  const settings = Object.fromEntries(
    ['CONTEXT_URL', 'CONTEXT_SHA256', 'OUTPUT', 'CACHE_DIR', 'WRAPPERS_DIR', 'RUNTIMES_DIR'].map((name) => [
      `SLIPWAY_${name}`,
      '/of-the-builder',
    ]),
  );
  const { environment } = hostBuildSettings({ ...GIVEN, ...own, ...settings }, '/work');
  expect(environment).toMatchObject({ ...GIVEN, ...own, PIP_CACHE_DIR: '/of-the-builder/pip' });
  expect(Object.keys(environment).filter((name) => name in settings)).toEqual([]);
});
