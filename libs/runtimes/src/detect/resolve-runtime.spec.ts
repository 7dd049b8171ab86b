import { source } from '../../test/source';
import { loadRuntimes, runtimesFolder } from '../data/load-runtimes';
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

test.each<[string, Record<string, string>, string]>([
  ['nothing that is known', { 'data.txt': '' }, 'nodejs24'],
  ['package.json', { 'package.json': '{}' }, 'nodejs24'],
  ['a .mjs file', { 'index.mjs': '' }, 'nodejs24'],
  ['a .ts file', { 'index.ts': '' }, 'nodejs24'],
  ['a package.json that is not JSON', { 'package.json': '{' }, 'nodejs24'],
  ['an open range, which the default satisfies', engines('>=18'), 'nodejs24'],
  ['a range of one version', engines('^22.18.0'), 'nodejs22'],
  ['a range of two, of which the newest is taken', engines('18 || 20'), 'nodejs20'],
  ['an upper bound', engines('<23'), 'nodejs22'],
  ['.nvmrc', { 'index.js': '', '.nvmrc': 'v22.4.1\n' }, 'nodejs22'],
  ['.node-version', { 'index.js': '', '.node-version': '20\n' }, 'nodejs20'],
  ['engines before .nvmrc', { ...engines('20'), '.nvmrc': '22' }, 'nodejs20'],
  ['a range that nothing satisfies', engines('>=99'), 'nodejs24'],
  ['requirements.txt', { 'requirements.txt': '' }, 'python3.13'],
  ['pyproject.toml', { 'pyproject.toml': '[project]\nrequires-python = ">=3.10,<3.12"\n' }, 'python3.11'],
  ['pyproject.toml with a tilde', { 'pyproject.toml': 'requires-python = "~=3.11"\n' }, 'python3.13'],
  ['.python-version', { 'main.py': '', '.python-version': '3.12.1\n' }, 'python3.12'],
  ['a .py file', { 'parser.py': '' }, 'python3.13'],
  ['go.mod, whose go line is the oldest that will do', { 'go.mod': 'module f\n\ngo 1.21\n' }, 'go1.26'],
  ['a .go file', { 'parser.go': '' }, 'go1.26'],
  ['a manifest before a file of another language', { 'go.mod': 'module f\n', 'tool.js': '' }, 'go1.26'],
  ['files below a folder only', { 'src/main.py': '' }, 'nodejs24'],
])('without a name, %s', (_, files, expected) => {
  expect(resolved(undefined, files)).toBe(expected);
});

test.each([
  ['nodejs22', engines('20'), 'nodejs22'],
  ['node', engines('20'), 'nodejs20'],
  ['python3', { '.python-version': '3.10' }, 'python3.10'],
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

test('a wish that cannot be met is noted', () => {
  expect(resolveRuntime(runtimes, undefined, source(engines('>=99')), TODAY).notes).toContainEqual(
    expect.stringContaining('>=99'),
  );
});

test('an unknown name fails with runtime_unsupported', () => {
  expect(() => resolveRuntime(runtimes, 'cobol', [], TODAY)).toThrow(
    expect.objectContaining({ code: 'runtime_unsupported' }),
  );
});
