import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { npmAccess } from './npm-access';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-npm-access-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('without a registry nothing changes', async () => {
  await expect(npmAccess({ PATH: '/bin' }, folder)).resolves.toEqual({ PATH: '/bin' });
});

test('a registry without credentials is told to each tool by its own variable, and settings of the operator stay', async () => {
  const given = { NPM_CONFIG_REGISTRY: 'http://r.example/npm/', npm_config_userconfig: '/etc/npmrc' };
  await expect(npmAccess(given, folder)).resolves.toEqual({
    npm_config_registry: 'http://r.example/npm/',
    npm_config_userconfig: '/etc/npmrc',
    pnpm_config_registry: 'http://r.example/npm/',
    YARN_NPM_REGISTRY_SERVER: 'http://r.example/npm/',
    YARN_UNSAFE_HTTP_WHITELIST: 'r.example',
  });
});

test("credentials go into a private file beside the operator's own settings", async () => {
  const own = join(folder, 'own-npmrc');
  await writeFile(own, 'strict-ssl=true');
  const given = { npm_config_registry: 'https://ada:s%2Fcret@r.example/npm', NPM_CONFIG_USERCONFIG: own };
  const environment = await npmAccess(given, folder);
  const file = environment['npm_config_userconfig'] ?? '';
  expect(environment).toMatchObject({
    npm_config_registry: 'https://r.example/npm',
    YARN_NPM_AUTH_IDENT: 'ada:s/cret',
  });
  const basic = Buffer.from('ada:s/cret').toString('base64');
  await expect(readFile(file, 'utf8')).resolves.toBe(
    `strict-ssl=true\n//r.example/npm/:_auth=${basic}\n//r.example/npm/:always-auth=true\n`,
  );
  expect((await stat(file)).mode & 0o077).toBe(0);
});

test.each(['https://ada:s3%cret@r.example/npm', 'https://s3%cret@r.example/npm'])(
  'a % that encodes nothing is refused by the name of the variable alone: %s',
  async (registry) => {
    const refused = npmAccess({ NPM_CONFIG_REGISTRY: registry }, folder);
    const error: unknown = await refused.catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: 'dependency_install',
      message: expect.stringContaining('NPM_CONFIG_REGISTRY has a user or password'),
    });
    expect(inspect(error, { depth: 10 })).not.toContain('s3%');
  },
);
