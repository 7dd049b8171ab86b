import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byPath, type ContextEntry } from '@slipway/domain';
import { randomTree, treeIn } from '../../test/random-tree';
import { DEFAULT_LIMITS } from '../limits';
import { packContext } from './pack-context';
import { readArchive } from './read-archive';

const SEEDS = Array.from({ length: 12 }, (_, n) => n + 1);

/** Unpacks the archive of the first argument into the folder of the second. */
const PYTHON = 'import sys, tarfile\nwith tarfile.open(sys.argv[1]) as tar: tar.extractall(sys.argv[2])';

type Extractor = (archive: string, into: string) => void;

const gnuTar: Extractor = (archive, into) => void execFileSync('tar', ['-xzf', archive, '-C', into]);
const pythonTar: Extractor = (archive, into) => void execFileSync('python3', ['-c', PYTHON, archive, into]);
const busyBoxTar: Extractor = (archive, into) =>
  void execFileSync('busybox', ['tar', '-xzf', archive, '-C', into]);

const hasBusyBox = spawnSync('busybox', ['true']).status === 0;

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'slipway-archives-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function unpacked(entries: readonly ContextEntry[], extract: Extractor): Promise<ContextEntry[]> {
  const archive = join(folder, 'ours.tar.gz');
  const into = join(folder, 'tree');
  await mkdir(into);
  await writeFile(archive, (await packContext(entries)).archive);
  extract(archive, into);
  return treeIn(into);
}

/** Compared by what tells most where they differ: paths first, then contents as text. */
function told(entries: readonly ContextEntry[]): [string, boolean, string][] {
  return [...entries]
    .sort(byPath)
    .map(({ path, executable, content }) => [path, executable, content.toString('latin1')]);
}

describe.each([
  ['GNU tar', gnuTar],
  ['Python', pythonTar],
])('%s', (_, extract) => {
  it.each(SEEDS)('unpacks tree %i as it was packed here', async (seed) => {
    const tree = randomTree(seed);
    expect(told(await unpacked(tree, extract))).toEqual(told(tree));
  });
});

describe('BusyBox', () => {
  it('unpacks trees of plain names as they were packed here', async () => {
    if (!hasBusyBox) {
      process.stderr.write(
        'BusyBox did not check our archives: it is not installed (apt-get install busybox).\n',
      );
      return;
    }
    for (const seed of SEEDS) {
      // It passes over PAX headers, so it cannot know other names.
      const tree = randomTree(seed, true);
      expect([seed, told(await unpacked(tree, busyBoxTar))]).toEqual([seed, told(tree)]);
      await rm(join(folder, 'tree'), { recursive: true });
    }
  });
});

describe('an archive of GNU tar', () => {
  const cases = ['gnu', 'pax'].flatMap((format) => SEEDS.map((seed) => [format, seed] as const));

  it.each(cases)('in its format %s is read as it packed tree %i', async (format, seed) => {
    // A second folder, for the only one at the top would be taken away.
    const tree = [...randomTree(seed), { path: 'z', executable: false, content: Buffer.alloc(0) }];
    await unpacked(tree, gnuTar);
    const file = join(folder, 'theirs.tar.gz');
    execFileSync('tar', ['-czf', file, `--format=${format}`, '-C', join(folder, 'tree'), '.']);
    expect(told(await readArchive(await readFile(file), DEFAULT_LIMITS))).toEqual(told(tree));
  });
});
