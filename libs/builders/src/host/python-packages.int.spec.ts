import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesThatName, source, treeOf, type BuildRun } from '../../test/built-example';
import { HostBuildTrial } from '../../test/host-build-trial';
import { PackageRegistry, PASSWORD } from '../../test/package-registry';
import { outcomeOf } from './outcome/outcome';

const SLOW = 240_000;

/** A program of its own, which needs nothing of ours. */
const SERVER = `from http.server import BaseHTTPRequestHandler, HTTPServer
import slipway_sample
HTTPServer(("127.0.0.1", 8080), BaseHTTPRequestHandler).serve_forever()
`;
const PROJECT = '[project]\nname = "f"\nversion = "1.0.0"\n';

let trial: HostBuildTrial;
let registry: PackageRegistry;
let count = 0;

beforeAll(async () => {
  [trial, registry] = await Promise.all([HostBuildTrial.open(), PackageRegistry.start()]);
}, SLOW);

afterAll(() => Promise.all([trial.close(), registry.stop()]));

function build(files: Record<string, string>, environment?: Record<string, string>): Promise<BuildRun> {
  return trial.build(`build-${++count}`, source(files), environment);
}

/** pip keeps what comes over plain http only where the host is trusted. */
const TRUSTED = { PIP_TRUSTED_HOST: '127.0.0.1' };

async function packagesOf({ image }: BuildRun): Promise<string[]> {
  const [version = ''] = await readdir(join(image, 'venv/lib'));
  return readdir(join(image, 'venv/lib', version, 'site-packages'));
}

/** Paths at which two images differ. */
async function differences(first: BuildRun, second: BuildRun): Promise<string[]> {
  const [one, other] = await Promise.all([treeOf(first.image), treeOf(second.image)]);
  return Object.keys({ ...one, ...other }).filter((path) => one[path] !== other[path]);
}

test(
  "wheels come from the operator's index, once for two builds, whose images are the same and know no password",
  async () => {
    const files = { 'parser.py': SERVER, 'requirements.txt': 'slipway-sample==1.0.0\n' };
    const settings = join(trial.root, 'pip.conf');
    await writeFile(settings, `[global]\nindex-url = ${registry.url('simple')}\n`);
    const first = await build(files, { ...TRUSTED, PIP_INDEX_URL: registry.url('simple') });
    const second = await build(files, { ...TRUSTED, PIP_CONFIG_FILE: settings });
    for (const built of [first, second]) {
      expect(built.exitCode === 0 ? '' : built.lines.join('\n')).toBe('');
      expect(built.lines.join('\n')).not.toContain(PASSWORD);
      expect(await filesThatName(built.image, PASSWORD)).toEqual([]);
      await expect(packagesOf(built)).resolves.toContain('slipway_sample.py');
    }
    expect(await differences(first, second)).toEqual([]);
    expect(second.lines.join('\n')).toContain('Using cached');
    expect(registry.requests.filter((path) => path.endsWith('.whl'))).toHaveLength(1);
  },
  SLOW,
);

test(
  'a pyproject.toml without a build system lists what is installed, and a lock file beside it is noted',
  async () => {
    const files = {
      'parser.py': SERVER,
      'other.py': '',
      'pyproject.toml': `${PROJECT}dependencies = [\n  "slipway-sample>=1",\n]\n`,
      'uv.lock': 'version = 1\n',
    };
    const built = await build(files, { ...TRUSTED, PIP_INDEX_URL: registry.url('simple') });
    expect(built.exitCode === 0 ? '' : built.lines.join('\n')).toBe('');
    await expect(packagesOf(built)).resolves.toContain('slipway_sample.py');
    expect(built.lines).toContain(
      '[slipway] note: uv.lock is not read: what pyproject.toml allows is installed',
    );
  },
  SLOW,
);

test(
  'a pyproject.toml with a build system is built, and the image keeps no trace of the place',
  async () => {
    const files = {
      'parser.py': SERVER.replace('slipway_sample', 'f'),
      'f.py': '"""A module."""\n',
      'pyproject.toml': `[build-system]\nrequires = ["flit_core==3.9.0"]\nbuild-backend = "flit_core.buildapi"\n${PROJECT}description = "f"\n`,
    };
    const built = await build(files);
    expect(built.exitCode === 0 ? '' : built.lines.join('\n')).toBe('');
    await expect(packagesOf(built)).resolves.toEqual(expect.arrayContaining(['f.py', 'f-1.0.0.dist-info']));
    expect(await filesThatName(built.image, trial.root)).toEqual([]);
    await expect(readdir(join(built.image, 'app'))).resolves.toEqual(
      expect.arrayContaining(['f.py', 'pyproject.toml', 'parser.py']),
    );
  },
  SLOW,
);

test.each<[string, Record<string, string>, string]>([
  [
    "requirements that contradict the wrapper's name both",
    { 'parser.py': 'def main(event):\n    return 1\n', 'requirements.txt': 'hypercorn==0.16.0\n' },
    'Cannot install Hypercorn==0.17.3 and hypercorn==0.16.0 because',
  ],
  [
    'a pyproject.toml that is no TOML',
    { 'parser.py': SERVER, 'pyproject.toml': '[project\n' },
    'pyproject.toml cannot be read: ',
  ],
  [
    'a pyproject.toml whose dependencies are no array',
    { 'parser.py': SERVER, 'pyproject.toml': `${PROJECT}dependencies = "slipway-sample"\n` },
    'pyproject.toml cannot be read: project.dependencies must be an array of strings',
  ],
  [
    'a pyproject.toml whose dependencies are a table',
    { 'parser.py': SERVER, 'pyproject.toml': `${PROJECT}[project.dependencies]\nslipway-sample = "1.0.0"\n` },
    'pyproject.toml cannot be read: project.dependencies must be an array of strings',
  ],
])(
  '%s',
  async (_, files, sentence) => {
    const { exitCode, lines } = await build(files);
    const outcome = outcomeOf({ exitCode: exitCode ?? undefined, head: [], tail: lines });
    expect(outcome).toMatchObject({
      status: 'failed',
      cause: { code: 'dependency_install', retryable: false },
    });
    expect(JSON.stringify(outcome)).toContain(sentence);
  },
  SLOW,
);
