import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source } from '../../test/source';
import { loadRuntimes, runtimeOf, runtimesFolder } from '../data/load-runtimes';
import { isRuntimeName } from '../names/runtime-names';
import { resolveRuntime } from './resolve-runtime';

const runtimes = loadRuntimes(runtimesFolder());
const TODAY = new Date('2026-11-21');

function resolved(requested: string | undefined, files: Record<string, string>): string {
  const { family, version } = resolveRuntime(runtimes, requested, source(files), TODAY);
  return family + version;
}

const engines = (node: string): Record<string, string> => ({
  'package.json': JSON.stringify({ engines: { node } }),
});
const nvmrc = (text: string): Record<string, string> => ({ 'index.js': '', '.nvmrc': text });
const pyproject = (text: string): Record<string, string> => ({ 'pyproject.toml': text });
const requires = (text: string): Record<string, string> =>
  pyproject(`[project]\nname = "f"\nrequires-python = "${text}"\n`);
const poetry = (text: string): Record<string, string> =>
  pyproject(`[tool.poetry.dependencies]\npython = "${text}"\n`);
const pythonVersion = (text: string): Record<string, string> => ({ 'main.py': '', '.python-version': text });
const goMod = (text: string): Record<string, string> => ({ 'go.mod': `module f\n\n${text}\n` });

test.each<[string, Record<string, string>, string]>([
  ['nothing that is known', { 'data.txt': '' }, 'nodejs24'],
  ['package.json', { 'package.json': '{}' }, 'nodejs24'],
  ['a .mjs file', { 'index.mjs': '' }, 'nodejs24'],
  ['a .ts file', { 'index.ts': '' }, 'nodejs24'],
  ['a package.json that is not JSON', { 'package.json': '{' }, 'nodejs24'],
  ['requirements.txt', { 'requirements.txt': '' }, 'python3.13'],
  ['pyproject.toml', pyproject(''), 'python3.13'],
  ['a .py file', { 'parser.py': '' }, 'python3.13'],
  ['go.mod', goMod(''), 'go1.26'],
  ['a .go file', { 'parser.go': '' }, 'go1.26'],
  ['a manifest before a file of another language', { 'go.mod': 'module f\n', 'tool.js': '' }, 'go1.26'],
  ['files below a folder only', { 'src/main.py': '' }, 'nodejs24'],
  ['an open range, which the default satisfies', engines('>=18'), 'nodejs24'],
  ['a range of one version', engines('^22.18.0'), 'nodejs22'],
  ['a range of two, of which the newest is taken', engines('18 || 20'), 'nodejs20'],
  ['an upper bound', engines('<23'), 'nodejs22'],
  ['two bounds', engines('>=18.17 <21'), 'nodejs20'],
  ['a wildcard', engines('22.x'), 'nodejs22'],
  ['a hyphen', engines('18 - 20'), 'nodejs20'],
  ['an exact version', engines('22.4.1'), 'nodejs22'],
  ['a tilde', engines('~20.11.0'), 'nodejs20'],
  ['an upper bound within a line, which its newest patch breaks', engines('<=22.4.1'), 'nodejs20'],
  ['any version', engines('*'), 'nodejs24'],
  ['engines.node that is empty', engines(''), 'nodejs24'],
  ['.nvmrc with v and patch', nvmrc('v22.4.1\n'), 'nodejs22'],
  ['.nvmrc with a major', nvmrc('20'), 'nodejs20'],
  ['.nvmrc with a minor', nvmrc('18.20\r\n'), 'nodejs18'],
  ['.nvmrc with comments', nvmrc('# ours\n\n22 # until spring\n'), 'nodejs22'],
  ['.nvmrc with a byte order mark', nvmrc('\uFEFF22\n'), 'nodejs22'],
  ['.nvmrc lts/*', nvmrc('lts/*'), 'nodejs24'],
  ['.nvmrc lts/jod', nvmrc('lts/jod'), 'nodejs22'],
  ['.nvmrc lts/Iron', nvmrc('lts/Iron\n'), 'nodejs20'],
  ['.nvmrc node', nvmrc('node'), 'nodejs24'],
  ['.node-version', { 'index.js': '', '.node-version': '20.1.0\n' }, 'nodejs20'],
  ['engines before .nvmrc', { ...engines('20'), '.nvmrc': '22' }, 'nodejs20'],
  ['.nvmrc within an open range of engines', { ...engines('>=18'), '.nvmrc': '22' }, 'nodejs22'],
  ['.nvmrc before .node-version', { ...nvmrc('22'), '.node-version': '20' }, 'nodejs22'],
  ['requires-python with two bounds', requires('>=3.10,<3.12'), 'python3.11'],
  ['requires-python with spaces', requires('>= 3.10, < 3.13'), 'python3.12'],
  ['requires-python ~= of a minor', requires('~=3.11'), 'python3.13'],
  ['requires-python ~= of a patch', requires('~=3.11.2'), 'python3.11'],
  ['requires-python ==', requires('==3.12.*'), 'python3.12'],
  ['requires-python == without a wildcard', requires('==3.12'), 'python3.12'],
  ['requires-python == of a patch', requires('==3.12.4'), 'python3.12'],
  ['requires-python !=', requires('!=3.13.*,>=3.10'), 'python3.12'],
  ['requires-python != in the middle', requires('<3.13,!=3.12.*'), 'python3.11'],
  [
    'requires-python != of what has long ended',
    requires('>=2.7,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*,!=3.6.*,!=3.13.*'),
    'python3.12',
  ],
  ['requires-python of 33 times !=', requires(Array(33).fill('!=1.*').join()), 'python3.13'],
  ['requires-python between two patches', requires('>3.11.4,<3.11.6'), 'python3.11'],
  ['requires-python != of a patch', requires('!=3.13.0'), 'python3.13'],
  ['requires-python <=, which means 3.12.0', requires('<=3.12'), 'python3.11'],
  ['requires-python >', requires('>3.9'), 'python3.13'],
  ['requires-python of a version before its release', requires('>=3.13.0rc1'), 'python3.13'],
  ['poetry with a caret', poetry('^3.11'), 'python3.13'],
  ['poetry with a tilde', poetry('~3.11'), 'python3.11'],
  ['poetry with a wildcard', poetry('3.12.*'), 'python3.12'],
  ['poetry with alternatives', poetry('~3.10 || ~3.12'), 'python3.12'],
  ['poetry with bounds', poetry('>=3.10,<3.12'), 'python3.11'],
  ['.python-version with a patch', pythonVersion('3.12.4\n'), 'python3.12'],
  ['.python-version with a minor', pythonVersion('3.10'), 'python3.10'],
  ['.python-version with several lines', pythonVersion('3.11.9\n3.12.4\n'), 'python3.11'],
  ['.python-version whose first line is unknown', pythonVersion('3.9.1\n3.12.4\n'), 'python3.12'],
  ['.python-version with a comment', pythonVersion('# pinned\n3.12\n'), 'python3.12'],
  ['.python-version of uv', pythonVersion('cpython@3.12'), 'python3.12'],
  [
    '.python-version within requires-python',
    { ...requires('>=3.10'), '.python-version': '3.11' },
    'python3.11',
  ],
  ['go 1.21, the oldest that will do', goMod('go 1.21'), 'go1.26'],
  ['go 1.22.3', goMod('go 1.22.3'), 'go1.26'],
  ['a toolchain', goMod('go 1.22.0\n\ntoolchain go1.23.1'), 'go1.26'],
])('without a name, %s', (_, files, expected) => {
  expect(resolved(undefined, files)).toBe(expected);
});

test.each<[string, Record<string, string>, string]>([
  ['a range that nothing satisfies', engines('>=99'), 'package.json#engines.node asks for ">=99"'],
  ['a range that is none', engines('newest'), 'package.json#engines.node asks for "newest"'],
  ['a version that is too old', nvmrc('16.20.2'), '.nvmrc asks for "16.20.2"'],
  ['a number beyond all versions', nvmrc('99999999999999999999'), '.nvmrc asks for "99999999999999999999"'],
  ['such a range', engines('>=99999999999999999999'), 'asks for ">=99999999999999999999"'],
  ['such a Python', pythonVersion('3.99999999999999999999'), 'asks for "3.99999999999999999999"'],
  ['such an exclusion', requires('!=9007199254740991.*'), 'asks for "!=9007199254740991.*"'],
  ['such a Go', goMod('go 1.99999999999999999999'), 'asks for "1.99999999999999999999"'],
  ['a range without room', requires('>3.11.6,<3.11.4'), 'asks for ">3.11.6,<3.11.4"'],
  ['a line without support', nvmrc('lts/gallium'), '.nvmrc asks for "lts/gallium"'],
  ['.nvmrc against engines', { ...engines('20'), '.nvmrc': '22' }, '.nvmrc asks for "22"'],
  [
    'a Python that is too new',
    requires('>=3.14'),
    'pyproject.toml#project.requires-python asks for ">=3.14"',
  ],
  ['a specifier that is none', requires('three'), 'asks for "three"'],
  ['Poetry', poetry('^2.7'), 'pyproject.toml#tool.poetry.dependencies.python asks for "^2.7"'],
  ['PyPy', pythonVersion('pypy3.10-7.3.15'), '.python-version asks for "pypy3.10-7.3.15"'],
  ['another Python', pythonVersion('system'), '.python-version asks for "system"'],
  ['a Go that is too new', goMod('go 1.99'), 'go.mod asks for "1.99"'],
])('%s is noted with file, wish and the versions there are', (_, files, sentence) => {
  const { family, notes } = resolveRuntime(runtimes, undefined, source(files), TODAY);
  const versions = runtimeOf(runtimes, family).versions.map(({ version }) => version);
  expect(notes).toContainEqual(expect.stringContaining(sentence));
  expect(notes).toContainEqual(expect.stringContaining(`${family} versions ${versions.join(', ')}`));
});

test('another version is a change of data alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-runtimes-'));
  try {
    await cp(join(runtimesFolder(), 'python'), join(folder, 'python'), { recursive: true });
    const file = join(folder, 'python', 'runtime.yaml');
    const line = "  - { version: '3.14', end_of_life: 2030-10-31, base_image: 'python:3.14-slim' }\n";
    await writeFile(file, (await readFile(file, 'utf8')) + line);
    const withMore = loadRuntimes(folder);
    expect(isRuntimeName(withMore, 'python3.14')).toBe(true);
    const found = resolveRuntime(withMore, undefined, source(requires('>=3.14')), TODAY);
    expect(found).toMatchObject({ family: 'python', version: '3.14' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['nodejs22', engines('20'), 'nodejs22'],
  ['node', engines('20'), 'nodejs20'],
  ['node', { 'parser.py': '', '.nvmrc': '22' }, 'nodejs22'],
  ['python3', { '.python-version': '3.10' }, 'python3.10'],
  ['golang', goMod('go 1.22'), 'go1.26'],
  ['python3.11', { 'package.json': '{}' }, 'python3.11'],
])(
  'the name %s wins over the files, and a bare family leaves the version to them',
  (name, files, expected) => {
    expect(resolved(name, files)).toBe(expected);
  },
);

test('a version without support is noted with the date of its end', () => {
  expect(resolveRuntime(runtimes, 'nodejs18', [], TODAY).notes).toEqual([
    expect.stringContaining('since 2025-04-30'),
  ]);
  expect(resolveRuntime(runtimes, 'nodejs24', [], TODAY).notes).toEqual([]);
});

test('an unknown name fails with runtime_unsupported', () => {
  expect(() => resolveRuntime(runtimes, 'cobol', [], TODAY)).toThrow(
    expect.objectContaining({ code: 'runtime_unsupported' }),
  );
});
