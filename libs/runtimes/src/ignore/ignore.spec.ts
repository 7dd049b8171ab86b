import { plan, planOf, textIn } from '../../test/plan';
import { source } from '../../test/source';
import { ignorePatterns } from './ignore-patterns';

// The first ten are the examples of https://docs.docker.com/build/concepts/context/#dockerignore-files.
test.each<[string, string, boolean]>([
  ['*/temp*', 'somedir/temporary.txt', true],
  ['*/temp*', 'somedir/subdir/temporary.txt', false],
  ['*/*/temp*', 'somedir/subdir/temporary.txt', true],
  ['temp?', 'tempa', true],
  ['temp?', 'temp', false],
  ['**/*.go', 'main.go', true],
  ['**/*.go', 'a/b/main.go', true],
  ['*.md\n!README.md', 'README.md', false],
  ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
  ['*.md\nREADME-secret.md\n!README*.md', 'README-secret.md', false],
  ['node_modules', 'node_modules/a/b.js', true],
  ['node_modules', 'web/node_modules/a.js', false],
  ['/dist/', 'dist/a.js', true],
  ['./dist', 'dist', true],
  ['**', 'a/b', true],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', false],
  ['**/a/**/b', 'x/a/y/a/z/b/c', true],
  ['a/**/c', 'a/c', true],
  ['*\n!src', 'src/a/b.js', false],
  ['*\n!src', 'test/a.js', true],
  ['src\n!src/keep', 'src/keep/a.js', false],
  ['# a comment', '# a comment', false],
  ['  spaced.txt  ', 'spaced.txt', true],
  ['[a-c].txt', 'b.txt', true],
  ['[^a-c].txt', 'b.txt', false],
  ['[^a-c].txt', 'd.txt', true],
  ['\\*.txt', '*.txt', true],
  ['\\*.txt', 'a.txt', false],
  ['a.b', 'axb', false],
  ['file\r\nother', 'file', true],
  ['!', 'a', false],
  ['[', '[', true],
])('the patterns %j leave out %s: %s', (patterns, path, expected) => {
  expect(ignorePatterns(patterns)(path)).toBe(expected);
});

test('a pattern that would keep a regular expression busy for ever is answered', () => {
  const isIgnored = ignorePatterns(`${'**/'.repeat(60)}${'*a'.repeat(60)}`);
  expect(isIgnored(`${'a/'.repeat(60)}${'a'.repeat(200)}b`)).toBe(false);
});

test.each([
  ['more patterns', 'a\n'.repeat(201)],
  ['a longer pattern', 'a'.repeat(1025)],
  ['more folders in a pattern', 'a/'.repeat(65)],
])('%s than anybody writes are refused', (_, patterns) => {
  expect(() => ignorePatterns(patterns)).toThrow(
    expect.objectContaining({ code: 'source_invalid', message: expect.stringContaining('.dockerignore') }),
  );
});

const deep = `${'a/'.repeat(500)}c`;
const long = `${'a'.repeat(250)}c`;

test.each([
  ['folders', `**/${'*a/'.repeat(60)}b\n`.repeat(200), deep],
  ['stars', `${'*a'.repeat(120)}b\n`.repeat(200), long],
  ['classes', `*[${'x-y'.repeat(300)}]\n`.repeat(200), long],
])('patterns of %s that would take for ever are refused, in all paths together', (_, patterns, path) => {
  const isIgnored = ignorePatterns(patterns);
  expect(() => Array(10_000).fill(path).forEach(isIgnored)).toThrow(
    expect.objectContaining({ code: 'source_invalid', message: expect.stringContaining('.dockerignore') }),
  );
});

test('200 usual patterns are applied to 10,000 paths', () => {
  const patterns = ['**/*.pyc', '**/node_modules', 'docs/*.md', '*.log', '!keep.log'];
  const isIgnored = ignorePatterns(Array(40).fill(patterns).flat().join('\n'));
  const paths = Array.from(
    { length: 10_000 },
    (_, n) => `src/main/components/part${n}/some-file-name.test.js`,
  );
  expect(paths.filter(isIgnored)).toEqual([]);
});

test.each(['.dockerignore', 'Dockerfile.dockerignore'])('a %s that would be cut off is refused', (file) => {
  const files = { Dockerfile: 'FROM x', [file]: `${'#'.repeat(64 * 1024)}\nsecret` };
  expect(() => plan(files)).toThrow(
    expect.objectContaining({ code: 'source_invalid', message: `${file} has more than 64 KiB.` }),
  );
});

const handler = { 'index.js': 'module.exports = 1' };
const manifest = { 'package.json': '{}' };

function paths(files: Record<string, string>): string[] {
  return plan(files)
    .entries.map(({ path }) => path)
    .filter(
      (path) => !path.startsWith('.slipway/') && !/^(index\.js|package\.json|Dockerfile.*)$/.test(path),
    );
}

test.each<[string, Record<string, string>, string[]]>([
  ['.git and node_modules are left out', { ...manifest, '.git/x': '', 'node_modules/a/b.js': '' }, []],
  ['also below a folder', { ...manifest, 'web/node_modules/a.js': '', 'web/a.js': '' }, ['web/a.js']],
  [
    'node_modules stays where nothing says what to install',
    { 'node_modules/a.js': '' },
    ['node_modules/a.js'],
  ],
  [
    'a .dockerignore of its own decides alone',
    { ...manifest, '.dockerignore': '*.md\n', 'a.md': '', '.git/x': '' },
    ['.dockerignore', '.git/x'],
  ],
  [
    'with a Dockerfile of its own too',
    { Dockerfile: 'FROM x', '.dockerignore': 'Dockerfile\nsecret', secret: '', a: '' },
    ['.dockerignore', 'a'],
  ],
  ['a Dockerfile without one gets the whole source', { Dockerfile: 'FROM x', '.git/x': '' }, ['.git/x']],
])('%s', (_, files, expected) => {
  expect(paths({ ...handler, ...files })).toEqual(expected);
});

test('Dockerfile.dockerignore keeps what we add, and keeps out what no image needs', () => {
  const planned = plan({ ...handler, '.dockerignore': '*\n!index.js\n' });
  expect(textIn(planned, 'Dockerfile.dockerignore')).toBe(
    'Dockerfile\nDockerfile.dockerignore\n.slipway/plan.json\n',
  );
  expect(planned.entries.map(({ path }) => path)).toContain('.slipway/wrapper/start.mjs');
});

test('beside a Dockerfile of its own it says what the source says, and leaves out our folder', () => {
  const planned = plan({ Dockerfile: 'FROM x', '.dockerignore': 'secret\n', 'index.js': '' });
  expect(textIn(planned, 'Dockerfile.dockerignore')).toBe('secret\n\n.slipway\n');
  const own = plan({ Dockerfile: 'FROM x', 'Dockerfile.dockerignore': 'own', 'index.js': '' });
  expect(textIn(own, 'Dockerfile.dockerignore')).toBe('own');
});

test('Dockerfile.dockerignore without a Dockerfile is refused, for it would be overwritten', () => {
  expect(() => plan({ ...handler, 'Dockerfile.dockerignore': '' })).toThrow(
    expect.objectContaining({ code: 'source_invalid', message: expect.stringContaining('.dockerignore') }),
  );
});

const large = (path: string) => ({ path, executable: false, content: Buffer.alloc(3 * 1024 * 1024) });

test.each([
  [
    'nodejs',
    'web/node_modules/a/b.js',
    /^node_modules \(3\.0 MiB in 1 files\) is fetched and then left out: /,
  ],
  ['nodejs', 'dist/a.js', /^dist \(3\.0 MiB in 1 files\) becomes part of the image: .*\.dockerignore$/],
  ['python', '.venv/lib/a.py', /^\.venv .* left out: packages are installed by the build/],
  ['python', 'x/__pycache__/a.pyc', /^__pycache__ .* left out: /],
  ['go', 'vendor/a/a.go', /^vendor .* becomes part of the image: modules are downloaded/],
])('%s: a large %s is noted with its size and what to do', (runtime, path, note) => {
  const files = {
    'index.js': '1',
    'package.json': '{}',
    'main.py': '',
    'requirements.txt': '',
    'main.go': '',
  };
  expect(planOf([...source(files), large(path)], { runtime }).notes).toContainEqual(
    expect.stringMatching(note),
  );
});

test('small folders are not worth a note, and a Dockerfile of its own knows best', () => {
  expect(plan({ ...handler, 'dist/a.js': 'x' }).notes.join()).not.toContain('dist');
  expect(planOf([...source({ Dockerfile: 'FROM x' }), large('dist/a.js')]).notes.join()).not.toContain(
    'dist',
  );
});
