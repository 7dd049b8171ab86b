import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { plan, runtimes, textIn as textOf } from '../../test/plan';
import { readImagePlan } from './image-plan';
import { defaultFileName } from './plan-context';

test('a package manager that the version cannot run is refused', () => {
  const source = { 'package.json': '{"packageManager":"pnpm@11.0.0"}', 'index.js': 'module.exports = 1' };
  expect(() => plan(source, { runtime: 'nodejs20' })).toThrow(
    expect.objectContaining({
      code: 'source_invalid',
      message: expect.stringContaining('pnpm 11.0.0 needs'),
    }),
  );
  expect(plan(source).plan.packageManager).toEqual({ name: 'pnpm', version: '11.0.0' });
});

test('a function that serves PORT itself needs no middleware', () => {
  const planned = plan({ 'server.js': 'x.listen(process.env.PORT)' }, { runtime: 'nodejs18' });
  expect(planned.entries.map(({ path }) => path)).toEqual([
    '.slipway/plan.json',
    'Dockerfile',
    'Dockerfile.dockerignore',
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

test.each(
  runtimes.flatMap(({ family, default_file }) =>
    ['Dockerfile', 'package.json', 'requirements.txt', 'pyproject.toml', 'go.mod', '.dockerignore'].map(
      (own) => [family, own, default_file] as const,
    ),
  ),
)('%s: a %s of the user is left as it is', (family, own, name) => {
  const content = own === 'go.mod' ? 'module own\n' : own === 'package.json' ? '{"name":"own"}' : '# own\n';
  const planned = plan({ [own]: content, [name]: '' }, { runtime: family });
  expect(planned.entries.filter(({ path }) => path === own)).toHaveLength(1);
  expect(textOf(planned, own)).toBe(content);
  expect(planned.plan.supplied).not.toContain(own);
});

test('no manifest is supplied beside another one of the same language', () => {
  expect(plan({ 'pyproject.toml': '', 'main.py': '' }).plan.supplied).not.toContain('requirements.txt');
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

test('images are replaced by settings, with the version where it is asked for', () => {
  const images = {
    GO_BASE_IMAGE: 'mirror.example.org/golang:{version}',
    GO_FINAL_IMAGE: '',
    NODE_BASE_IMAGE: 'other',
  };
  const planned = plan({ 'main.go': 'package main\n\nfunc main() {}\n' }, { images });
  const base = 'mirror.example.org/golang:1.26';
  expect(planned.baseImage).toBe(base);
  expect(planned.buildArguments).toEqual({
    GO_BASE_IMAGE: base,
    GO_FINAL_IMAGE: 'gcr.io/distroless/static-debian12',
  });
  expect(textOf(planned, 'Dockerfile')).toContain(`ARG GO_BASE_IMAGE=${base}\n`);
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
