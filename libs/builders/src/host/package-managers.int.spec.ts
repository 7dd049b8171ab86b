import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filesThatName, source, strayLinks } from '../../test/built-example';
import { HostBuildTrial } from '../../test/host-build-trial';
import { PackageRegistry, PASSWORD } from '../../test/package-registry';
import { sampleWith, type Lock } from '../../test/package-managers/sample';
import { outcomeOf } from './outcome/outcome';

/** The first build with a package manager fetches it. */
const SLOW = 240_000;

const NPM: Lock = ['package-lock.json', 'package-lock.json'];
const PNPM: Lock = ['pnpm-lock.yaml', 'pnpm-lock.yaml'];
const CLASSIC: Lock = ['classic-yarn.lock', 'yarn.lock'];
const BERRY: Lock = ['berry-yarn.lock', 'yarn.lock'];
const PNPM_9 =
  'pnpm@9.15.9+sha512.68046141893c66fad01c079231128e9afb89ef87e2691d69e4d40eee228988295fd4682181bae55b58418c3a253bde65a505ec7c5f9403ece5cc3cd37dcf2531';

/** A lock file, and what the manifest says besides. */
type Case = [name: string, lock: Lock, manifest: Record<string, unknown>];

const MANAGERS: Case[] = [
  ['npm, as it comes with Node', NPM, {}],
  ['pnpm by version and hash', PNPM, { packageManager: PNPM_9 }],
  ['Yarn classic by its lock file', CLASSIC, {}],
  ['Yarn berry by its lock file', BERRY, {}],
];

let trial: HostBuildTrial;
let count = 0;

beforeAll(async () => {
  trial = await HostBuildTrial.open();
}, SLOW);

afterAll(() => trial.close());

test.each(MANAGERS)(
  '%s: the build script has its development dependencies, the image only those of production',
  async (_, lock, manifest) => {
    const name = `build-${++count}`;
    const entries = sampleWith(lock, { scripts: { build: 'node build.js' }, ...manifest });
    const built = await trial.build(name, entries);
    expect(built.exitCode === 0 ? '' : built.lines.join('\n')).toBe('');
    const app = join(built.image, 'app');
    await expect(readFile(join(app, 'built.txt'), 'utf8')).resolves.toBe('true');
    const packages = (await readdir(join(app, 'node_modules'))).filter((each) => !each.startsWith('.'));
    expect(packages).toEqual(['ms']);
    expect(await filesThatName(built.image, name)).toEqual([]);
    expect(await strayLinks(built.image)).toEqual([]);
  },
  SLOW,
);

const TELLING = [
  'npm error Invalid: lock file',
  'ERR_PNPM_OUTDATED_LOCKFILE',
  'error Your lockfile needs to be updated',
  'YN0028: │ The lockfile would have been modified',
];

test.each(MANAGERS.map((each, index) => [...each, TELLING[index] ?? ''] as const))(
  '%s: a lock file that does not match is told by the own line of the tool',
  async (_, lock, manifest, line) => {
    const entries = sampleWith(lock, { ...manifest, dependencies: { ms: '2.1.2' } });
    const { exitCode, lines } = await trial.build(`build-${++count}`, entries);
    const outcome = outcomeOf({ exitCode: exitCode ?? undefined, head: [], tail: lines });
    expect(outcome).toMatchObject({
      status: 'failed',
      cause: { code: 'dependency_install', retryable: false, log_line: expect.stringContaining(line) },
    });
  },
  SLOW,
);

test(
  'a package manager with another hash than the one that is named is not run',
  async () => {
    const packageManager = `yarn@4.18.1+sha512.${'0'.repeat(128)}`;
    const { exitCode, lines } = await trial.build(`build-${++count}`, sampleWith(BERRY, { packageManager }));
    const outcome = outcomeOf({ exitCode: exitCode ?? undefined, head: [], tail: lines });
    expect(outcome).toMatchObject({
      cause: { code: 'dependency_install', message: expect.stringContaining('has the sha512') },
    });
    expect(lines.join('\n')).not.toContain('install: yarn');
  },
  SLOW,
);

test.each(['npm', 'yarn@1.22.22', 'yarn@4.18.1'])(
  "%s: packages come from the operator's registry, whose password is nowhere afterwards",
  async (packageManager) => {
    const registry = await PackageRegistry.start();
    const name = `build-${++count}`;
    const entries = source({
      'parser.js': 'module.exports = () => require("slipway-sample");',
      'package.json': JSON.stringify({
        name: 'sample',
        version: '1.0.0',
        ...(packageManager === 'npm' ? {} : { packageManager }),
        dependencies: { 'slipway-sample': '1.0.0' },
        scripts: { build: 'env' },
      }),
    });
    const built = await trial.build(name, entries, { npm_config_registry: registry.url('npm') });
    await registry.stop();
    expect(built.lines.join('\n')).not.toContain(PASSWORD);
    expect(built.exitCode === 0 ? '' : built.lines.join('\n')).toBe('');
    expect(registry.requests).toContain('/npm/slipway-sample');
    expect(await filesThatName(built.image, PASSWORD)).toEqual([]);
  },
  SLOW,
);
