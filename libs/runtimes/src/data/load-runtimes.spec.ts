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
