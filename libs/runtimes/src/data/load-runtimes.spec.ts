import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRuntimes, runtimesFolder } from './load-runtimes';
import { wrapperOf } from '../wrapper/wrapper-files';

const runtimes = loadRuntimes(runtimesFolder());

test('every folder with a runtime.yaml is a runtime, Node first', () => {
  expect(runtimes.map(({ family }) => family)).toEqual(['nodejs', 'go', 'python']);
});

test.each(runtimes.map((runtime) => [runtime.family, runtime] as const))(
  '%s has all that a runtime is made of',
  async (_, runtime) => {
    expect(await readdir(runtime.folder)).toEqual(
      expect.arrayContaining(['Dockerfile', 'example', 'runtime.yaml', 'scaffold', 'wrapper']),
    );
    await expect(
      readFile(join(runtime.folder, 'scaffold', runtime.manifest.scaffold)),
    ).resolves.toBeDefined();
    await expect(readFile(join(runtime.folder, 'scaffold', runtime.default_file))).resolves.toBeDefined();
    for (const { version, wrapper } of runtime.versions) {
      const files = wrapperOf(runtimes, { family: runtime.family, version })?.files;
      expect(files === undefined).toBe(wrapper === undefined);
    }
  },
);

/** Every pattern of a definition, wherever it stands. */
function patternsIn(value: unknown): RegExp[] {
  if (value instanceof RegExp) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(patternsIn) : [];
}

const patterns = runtimes.flatMap(patternsIn);
// What a pattern is made of, also with many blanks and without what would end it.
const tokens = ['serve', 'serve_forever', 'export{', 'export ', 'handle', 'module.exports', 'exports.main']
  .concat(['def main', 'async def', 'func New', 'func main(', 'package', 'go 1', 'module a', '=>', '@'])
  .concat(['"install"', '"packages"', ':', '"', '.', '-', 'a', '1', 'process.env.', '.listen', '__metadata:'])
  .concat(['if __name__', 'app.run', 'x.tgz', 'packages', 'lockfileVersion:']);
const SIZE = 256 * 1024;
const filled = (part: string): string => part.repeat(Math.ceil(SIZE / part.length));

test.each(['\n', '\r\n', ' ', '\t', ' \n', ...tokens])(
  'no pattern goes back over a text of %j again and again',
  (token) => {
    const texts = [
      filled(token),
      filled(`${token} `),
      filled(`${token}\n`),
      token + filled(' '),
      ` ${token}` + filled('\n'),
    ];
    for (const text of texts) {
      for (const pattern of patterns) expect(typeof pattern.test(text)).toBe('boolean');
    }
  },
);

test('no lock file names the host of a registry', async () => {
  const files = await readdir(runtimesFolder(), { recursive: true });
  for (const file of files.filter(
    (name) => /package-lock\.json$/.test(name) && !name.includes('node_modules'),
  )) {
    expect(await readFile(join(runtimesFolder(), file), 'utf8')).not.toContain('"resolved"');
  }
});

describe('a runtime.yaml that is wrong', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-runtimes-'));
    await cp(join(runtimesFolder(), 'go'), join(folder, 'go'), { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['an unknown field', 'aliases:', 'alias:', 'alias: no such field'],
    [
      'a number as a version',
      "default_version: '1.26'",
      'default_version: 1.26',
      'default_version: expected a text',
    ],
    [
      'a default that is no version',
      "default_version: '1.26'",
      "default_version: '2.0'",
      'default_version: expected one of versions',
    ],
    ['a day that is none', '2027-02-28', 'soon', 'versions[5].end_of_life: expected a day'],
    ['a broken pattern', "'^package[ ", "'^package([ ", 'expected a regular expression'],
  ])('%s is refused, and the sentence names its place', async (_, from, to, sentence) => {
    const file = join(folder, 'go', 'runtime.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
    expect(() => loadRuntimes(folder)).toThrow(sentence);
  });

  test("a package manager's range that is none is refused, and the sentence names its place", async () => {
    await cp(join(runtimesFolder(), 'nodejs'), join(folder, 'nodejs'), { recursive: true });
    const file = join(folder, 'nodejs', 'runtime.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace("needs: '>=18'", 'needs: new'));
    expect(() => loadRuntimes(folder)).toThrow('package_managers[0].releases[0].needs: expected a range');
  });

  test('an empty folder is refused', async () => {
    await rm(join(folder, 'go'), { recursive: true });
    expect(() => loadRuntimes(folder)).toThrow('holds no runtime');
  });
});
