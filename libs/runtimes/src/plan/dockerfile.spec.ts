import { plan, textIn } from '../../test/plan';

const handler = { 'index.js': 'module.exports = () => 1;' };
const server = { 'server.js': 'x.listen(process.env.PORT);' };
const pack = (fields: object): Record<string, string> => ({ 'package.json': JSON.stringify(fields) });
const dependent = pack({ dependencies: { ms: '2' } });
const built = pack({ main: 'dist/index.js', scripts: { build: 'tsc' } });
const python = { 'parser.py': 'def main(context): pass' };
const pythonServer = { 'main.py': 'Server().serve_forever()' };
const goHandler = { 'parser.go': 'package f\n\nfunc Handle() {}\n' };
const goServer = { 'main.go': 'package main\n\nfunc main() {}\n' };
const goMod = { 'go.mod': 'module example.org/f\n\ngo 1.25\n', 'go.sum': '' };

function dockerfile(files: Record<string, string>, runtime?: string): string {
  return textIn(plan(files, { runtime }), 'Dockerfile');
}

test.each<[string, Record<string, string>]>([
  ['Node.js: a handler without a manifest', handler],
  ['Node.js: a server with a manifest', { ...server, ...dependent }],
  ['Node.js: npm with a lock', { ...handler, ...dependent, 'package-lock.json': '{}', '.npmrc': '' }],
  ['Node.js: pnpm with a lock', { ...handler, ...dependent, 'pnpm-lock.yaml': '', 'patches/a.patch': '' }],
  ['Node.js: yarn classic with a lock', { ...handler, ...dependent, 'yarn.lock': '# yarn lockfile v1' }],
  [
    'Node.js: yarn berry, its version named',
    { ...handler, ...pack({ packageManager: 'yarn@4.5.1' }), 'yarn.lock': '', '.yarnrc.yml': '' },
  ],
  [
    'Node.js: a build script',
    { ...built, 'src/index.ts': 'export const handle = 1', 'package-lock.json': '' },
  ],
  ['Node.js: a script of the installation', { ...handler, ...pack({ scripts: { postinstall: 'node x' } }) }],
  ['Python: a handler without a manifest', python],
  ['Python: a server with requirements', { ...pythonServer, 'requirements.txt': 'flask\n' }],
  ['Python: requirements that name other files', { ...python, 'requirements.txt': '-r base.txt\n' }],
  ['Python: pyproject.toml', { ...python, 'pyproject.toml': '[project]\nname = "f"\n' }],
  ['Go: a handler without a manifest', goHandler],
  ['Go: a handler with a manifest', { ...goHandler, ...goMod }],
  ['Go: a server with a manifest', { ...goServer, ...goMod }],
])('%s', (_, files) => {
  expect(dockerfile(files)).toMatchSnapshot();
});

test.each<[string, Record<string, string>, string[]]>([
  ['Node.js', { ...handler, ...dependent }, ['COPY package.json', 'npm install', 'COPY . ']],
  ['Python', { ...python, 'requirements.txt': 'x' }, ['COPY requirements.txt', 'pip --python', 'COPY . ']],
  ['Go', { ...goHandler, ...goMod }, ['COPY go.mod', 'go mod download', 'COPY . ']],
])('%s: manifest, installation and source follow each other', (_, files, steps) => {
  const places = steps.map((step) => dockerfile(files).indexOf(step));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test.each<[string, Record<string, string>]>([
  ['Node.js', { ...built, 'src/index.ts': '' }],
  ['Python', python],
  ['Go', goHandler],
])('%s: nothing is run in the last stage, and its user is a number that is not root', (_, files) => {
  const last = dockerfile(files).split('\nFROM ').at(-1) ?? '';
  expect(last).not.toMatch(/^(RUN|ADD)\b/m);
  expect(last).not.toMatch(/^COPY (?!--from=build )/m);
  expect(last).toMatch(/^USER 65532:65532$/m);
});

test('credentials are there for installations, and not for a build script', () => {
  const lines = dockerfile({ ...built, 'src/index.ts': '' }).split('\n');
  const withSecrets = lines.filter((line) => line.includes('type=secret,id=npmrc'));
  expect(withSecrets.map((line) => / (npm install) /.exec(line)?.[1])).toEqual(['npm install']);
  expect(lines).toContain('RUN npm run build');
  expect(lines).toContainEqual(expect.stringMatching(/^RUN npm prune /));
});

test('no cache is shared with other builds, and none is left in the only stage of an image', () => {
  const text = dockerfile({ ...handler, ...dependent });
  expect(text).not.toContain('type=cache');
  for (const line of text.split('\n').filter((each) => / npm /.test(each)))
    expect(line).toMatch(/ && rm -rf \/root\/\.npm \/tmp\/node-compile-cache$/);
});

test.each([
  ['dependencies', './lib'],
  ['dependencies', '../lib'],
  ['devDependencies', '~/lib'],
  ['optionalDependencies', '/lib'],
  ['dependencies', './x.tgz'],
  ['dependencies', 'x.tgz'],
  ['dependencies', 'file:lib'],
])('of %s a package in %s is installed from the source', (table, lib) => {
  expect(dockerfile({ ...handler, ...pack({ [table]: { lib } }) })).not.toContain('COPY package.json');
});

test.each(['~1.2.3', '1.x', '*', 'npm:y@1', 'https://example.org/x.tgz', 'user/project'])(
  'a package of %s leaves the layer of packages as it is when the source changes',
  (lib) => {
    const files = { ...handler, ...pack({ main: './index.js', dependencies: { lib } }) };
    expect(dockerfile(files)).toContain('COPY package.json');
  },
);

test('packages stay in the cache where development dependencies are removed behind a build script', () => {
  const lines = dockerfile({ ...built, 'src/index.ts': '', 'yarn.lock': '' }).split('\n');
  expect(lines.find((line) => line.includes('yarn install'))).not.toContain('rm -rf');
});

test.each([
  ['nodejs18', 'CMD ["npm","run","start"]'],
  ['nodejs20', 'CMD ["npm","run","start"]'],
  ['nodejs22', 'CMD ["node","--run","start"]'],
  ['nodejs24', 'CMD ["node","--run","start"]'],
])('%s runs a start script by what it has', (runtime, command) => {
  expect(dockerfile(pack({ scripts: { start: 'node a.js' } }), runtime)).toContain(command);
});
