import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUNTIMES } from '../../../test/built-example';
import { prepareWrapper } from '../wrapper/prepare-wrapper';
import { keptFolder } from './kept-folder';
import { folderName } from './languages/package-manager-tool';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-kept-folder-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function folderOfAge(name: string, minutes: number): Promise<void> {
  const time = Date.now() / 1000 - minutes * 60;
  await mkdir(join(root, name));
  await writeFile(join(root, name, 'file'), '');
  await utimes(join(root, name), time, time);
}

test('what killed builds have left of a folder is removed, and nothing else', async () => {
  const young = `tool.${randomUUID()}`;
  const others = [`tool.1.${randomUUID()}`, `other.${randomUUID()}`, 'tool.1'];
  await folderOfAge(young, 50);
  for (const name of [`tool.${randomUUID()}`, ...others]) await folderOfAge(name, 70);
  await keptFolder(join(root, 'tool'), 'proof', async (fresh) => {
    await mkdir(fresh);
    await writeFile(join(fresh, 'proof'), '');
  });
  expect((await readdir(root)).sort()).toEqual(['tool', young, ...others].sort());
});

test('the folder of a package manager has a short name, whatever its version and hash are', () => {
  const names = [
    { package: 'yarn@1.22.22' },
    { package: 'yarn@1.22.22', hash: `sha512.${'0'.repeat(100_000)}` },
    { package: `yarn@1.22.22-${'../'.repeat(1_000)}` },
  ].map((tool) => folderName({ name: 'yarn', ...tool }));
  for (const name of names) expect(name).toMatch(/^yarn-[0-9a-f]{64}$/);
  expect(new Set(names).size).toBe(names.length);
});

test('a wrapper that npm cannot install is told without the credentials that npm repeats', async () => {
  const npm = join(root, 'npm');
  await writeFile(npm, '#!/bin/sh\necho "GET https://t0ken:@r.example/npm/koa 404" >&2\nexit 1\n');
  await chmod(npm, 0o755);
  const refused = prepareWrapper({
    runtimesDir: RUNTIMES,
    family: 'nodejs',
    version: process.versions.node.split('.')[0] ?? '',
    wrappersDir: join(root, 'wrappers'),
    environment: { variables: { PATH: '/usr/bin:/bin' }, searchPath: root },
  });
  const error: unknown = await refused.catch((each: unknown) => each);
  expect(String(error)).toContain('GET https://***@r.example/npm/koa 404');
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('t0ken');
});
