import { plan, type PlanOptions } from '../../test/plan';

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
  [
    'one file beside its types',
    { 'weather.js': 'module.exports = 1', 'weather.d.ts': '' },
    handler('weather.js'),
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

test.each<[string, Record<string, string>, PlanOptions, string]>([
  ['an entrypoint that is missing', { 'index.js': '' }, { entrypoint: 'no.js' }, 'source_invalid'],
  ['an entrypoint outside', { 'index.js': '' }, { entrypoint: '../x.js' }, 'source_invalid'],
  ['types alone', { 'a.d.ts': '' }, { runtime: 'nodejs' }, 'source_invalid'],
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

const typescript = { 'index.ts': 'export const handle = (): number => 1;' };
const compiled = (main: string) => ({
  'package.json': JSON.stringify({ main, scripts: { build: 'tsc' } }),
});

test.each(['nodejs18', 'nodejs20'])('TypeScript is refused for %s, with what to do about it', (runtime) => {
  expect(() => plan(typescript, { runtime })).toThrow(
    expect.objectContaining({
      code: 'source_invalid',
      message: expect.stringMatching(/index\.ts is TypeScript.*nodejs22, nodejs24.*build script/),
    }),
  );
  expect(() => plan({ ...typescript, ...compiled('index.ts') }, { runtime })).toThrow('"main"');
});

test.each<[string, Record<string, string>, object]>([
  ['src/index.ts, a handler', { 'src/index.ts': 'export const handle = 1' }, handler('dist/index.js')],
  ['index.ts, a server', { 'index.ts': 'x.listen(process.env.PORT)' }, file('dist/index.js')],
  ['a file that is not found', { 'lib/all.ts': '' }, handler('dist/index.js')],
])('a main that the build script writes is started; it is made from %s', (_, files, start) => {
  const source = { ...files, ...compiled('./dist/index.js'), 'tsconfig.json': '{}' };
  expect(plan(source, { runtime: 'nodejs20' }).plan.start).toEqual(start);
  expect(plan(source, { entrypoint: 'dist/index.js' }).plan.start).toEqual(start);
});

test.each([
  ['an absolute path', '/dist/index.js'],
  ['a path outside', './../index.js'],
  ['an empty part', 'dist//index.js'],
  ['a backslash', 'dist\\index.js'],
  ['a line end', 'dist/\nindex.js'],
  ['a drive', 'C:dist/index.js'],
  ['a megabyte', `${'a/'.repeat(500_000)}index.js`],
])('a main of the build script with %s is refused', (_, main) => {
  expect(() => plan(compiled(main))).toThrow(
    expect.objectContaining({
      code: 'source_invalid',
      message: expect.stringMatching(
        /^package\.json#main ".{5,220}" is no path of a file inside the source\.$/,
      ),
    }),
  );
});

test('tsconfig.json alone changes nothing', () => {
  const js = { 'index.js': 'module.exports = 1' };
  expect(plan({ ...js, 'tsconfig.json': '{}' }).plan).toEqual(plan(js).plan);
});
