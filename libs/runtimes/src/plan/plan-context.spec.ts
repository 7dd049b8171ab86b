import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { source } from '../../test/source';
import { loadRuntimes, runtimesFolder } from '../data/load-runtimes';
import { resolveRuntime } from '../detect/resolve-runtime';
import { readImagePlan } from './image-plan';
import { defaultFileName, planContext, type ContextPlan } from './plan-context';

const runtimes = loadRuntimes(runtimesFolder());

function plan(
  files: Record<string, string>,
  options: { runtime?: string; entrypoint?: string } = {},
): ContextPlan {
  const entries = source(files);
  const runtime = resolveRuntime(runtimes, options.runtime, entries);
  return planContext({ runtimes, runtime, entrypoint: options.entrypoint, entries });
}

function textOf(planned: ContextPlan, path: string): string {
  return planned.entries.find((entry) => entry.path === path)?.content.toString() ?? '';
}

const handler = (file: string) => ({ kind: 'handler', file });
const file = (name: string) => ({ kind: 'file', file: name });
const scripts = (start: string): string => JSON.stringify({ scripts: { start } });

test.each<[string, Record<string, string>, object]>([
  ['module.exports', { 'parser.js': 'module.exports = async () => 1;' }, handler('parser.js')],
  ['exports.handler', { 'index.js': 'exports.handler = () => 1;' }, handler('index.js')],
  ['export default', { 'index.mjs': 'export default () => 1;' }, handler('index.mjs')],
  ['export const handle', { 'index.ts': 'export const handle = (): number => 1;' }, handler('index.ts')],
  ['a list of exports', { 'index.mjs': 'const handle = 1;\nexport { handle };' }, handler('index.mjs')],
  ['no export', { 'parser.js': 'console.log(1);' }, file('parser.js')],
  [
    'a server that exports itself',
    { 'server.js': 'const s = http().listen(process.env.PORT);\nmodule.exports = s;' },
    file('server.js'),
  ],
  [
    'the main of package.json',
    { 'package.json': '{"main":"./lib/f.js"}', 'lib/f.js': 'exports.handle = 1', 'index.js': '' },
    handler('lib/f.js'),
  ],
  [
    'a start script',
    { 'package.json': scripts('node web.js'), 'index.js': 'module.exports = 1' },
    { kind: 'script', script: 'start' },
  ],
  [
    'a start script of the middleware',
    { 'package.json': scripts('faas-js-runtime ./index.js'), 'index.js': 'module.exports = 1' },
    handler('index.js'),
  ],
  ['one file of any name', { 'weather.js': 'module.exports = 1' }, handler('weather.js')],
  ['Python: main(context)', { 'parser.py': 'def main(context):\n    pass' }, handler('parser.py')],
  ['Python: async handle(event)', { 'main.py': 'async def handle(event):\n    pass' }, handler('main.py')],
  ['Python: new()', { 'func.py': 'def new():\n    pass' }, handler('func.py')],
  ['Python: the main of a script', { 'main.py': 'def main():\n    pass\n' }, file('main.py')],
  [
    'Python: a server',
    { 'main.py': 'def handle(x):\n    pass\nServer().serve_forever()\n' },
    file('main.py'),
  ],
  ['Go: Handle', { 'handle.go': 'package f\n\nfunc Handle() {}\n' }, handler('handle.go')],
  [
    'Go: New in a file of any name',
    { 'a.go': 'package f\n', 'b.go': 'package f\n\nfunc New() *F { return nil }\n' },
    handler('b.go'),
  ],
  ['Go: a program', { 'main.go': 'package main\n\nfunc main() {}\n' }, file('main.go')],
  ['its own Dockerfile', { Dockerfile: 'FROM x', 'parser.js': '' }, { kind: 'dockerfile' }],
])('%s decides what is started', (_, files, start) => {
  expect(plan(files).plan.start).toEqual(start);
});

test('the entrypoint decides, and is told apart like any other file', () => {
  const files = { 'index.js': 'module.exports = 1', 'a/b.js': 'exports.handle = 1', 'c.js': '' };
  expect(plan(files, { entrypoint: './a/b.js' }).plan.start).toEqual(handler('a/b.js'));
  expect(plan(files, { entrypoint: 'c.js' }).plan.start).toEqual(file('c.js'));
});

test.each<[string, Record<string, string>, { runtime?: string; entrypoint?: string }, string]>([
  ['an entrypoint that is missing', { 'index.js': '' }, { entrypoint: 'no.js' }, 'source_invalid'],
  ['an entrypoint outside', { 'index.js': '' }, { entrypoint: '../x.js' }, 'source_invalid'],
  ['nothing to start', { 'a.js': '', 'b.js': '' }, {}, 'source_invalid'],
  ['our own folder', { 'index.js': '', '.slipway/plan.json': '{}' }, {}, 'source_invalid'],
  [
    'a handler for a version without middleware',
    { 'index.js': 'module.exports = 1' },
    { runtime: 'nodejs18' },
    'runtime_unsupported',
  ],
  [
    'a Go handler in the package main',
    { 'f.go': 'package main\n\nfunc Handle() {}\n' },
    {},
    'source_invalid',
  ],
  [
    'a go.mod without a module',
    { 'f.go': 'package f\n\nfunc Handle() {}\n', 'go.mod': 'go 1.21\n' },
    {},
    'source_invalid',
  ],
])('%s is refused', (_, files, options, code) => {
  expect(() => plan(files, options)).toThrow(expect.objectContaining({ code }));
});

test('a function that serves PORT itself needs no middleware', () => {
  const planned = plan({ 'server.js': 'x.listen(process.env.PORT)' }, { runtime: 'nodejs18' });
  expect(planned.entries.map(({ path }) => path)).toEqual([
    '.slipway/plan.json',
    'Dockerfile',
    'package.json',
    'server.js',
  ]);
});

test.each(runtimes.map(({ family, folder }) => [family, folder]))(
  'the context of a single %s file is this list of files',
  (family, folder) => {
    const name = defaultFileName(runtimes, family);
    const planned = plan(
      { [name]: readFileSync(join(folder, 'scaffold', name), 'utf8') },
      { runtime: family },
    );
    expect(planned.entries.map(({ path }) => path)).toMatchSnapshot();
    expect(textOf(planned, 'Dockerfile')).toMatchSnapshot();
    expect(readImagePlan(textOf(planned, '.slipway/plan.json'))).toEqual(planned.plan);
  },
);

test("what the user wrote is left as it is, and a dependency's manifest is not supplied beside it", () => {
  const own = { Dockerfile: 'FROM own', 'requirements.txt': 'own', 'main.py': 'def main(context): pass' };
  const planned = plan(own);
  for (const [path, content] of Object.entries(own)) expect(textOf(planned, path)).toBe(content);
  expect(planned.plan.supplied).toEqual([]);
  expect(plan({ 'pyproject.toml': '', 'main.py': '' }).plan.supplied).toEqual(['Dockerfile']);
});

test('nobody can write into the Dockerfile by the name of a file', () => {
  const name = 'x"]\nRUN evil\n.js';
  const dockerfile = textOf(plan({ [name]: 'module.exports = 1' }), 'Dockerfile');
  expect(dockerfile.split('\n')).not.toContain('RUN evil');
});

test('the base image is named by the argument of its language', () => {
  expect(plan({ 'parser.py': '' })).toMatchObject({
    baseImage: 'python:3.13-slim',
    buildArguments: { PYTHON_BASE_IMAGE: 'python:3.13-slim' },
  });
});

test("the generated Go program imports the function's module, and knows its sums", () => {
  const planned = plan({
    'go.mod': 'module example.org/hello\n\ngo 1.21\n',
    'go.sum': 'example.org/dep v1.0.0 h1:x=\n',
    'fn.go': 'package fn\n\nfunc New() *F { return nil }\n',
  });
  expect(textOf(planned, '.slipway/wrapper/main.go')).toMatch(
    /function "example\.org\/hello"[\s\S]*function\.New\(\)/,
  );
  expect(textOf(planned, '.slipway/wrapper/go.mod')).toContain('replace example.org/hello => ../..');
  expect(textOf(planned, '.slipway/wrapper/go.sum')).toContain('example.org/dep v1.0.0 h1:x=');
});
