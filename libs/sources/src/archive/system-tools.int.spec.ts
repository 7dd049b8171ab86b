import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { byPath, type ContextEntry } from '@slipway/domain';
import { bundleProgram } from '@slipway/testing';
import { randomTree, treeIn, treeOfLongNames } from '../../test/random-tree';
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

const TREES: [name: string, tree: ContextEntry[]][] = [
  ...SEEDS.map((seed): [string, ContextEntry[]] => [`tree ${seed}`, randomTree(seed)]),
  ['the tree of long names', treeOfLongNames()],
];

describe.each([
  ['GNU tar', gnuTar],
  ['Python', pythonTar],
])('%s', (_, extract) => {
  it.each(TREES)('unpacks %s as it was packed here', async (_name, tree) => {
    expect(told(await unpacked(tree, extract))).toEqual(told(tree));
  });
});

/** It knows the names of PAX headers where it was built with FEATURE_TAR_GNU_EXTENSIONS, as by default and in Debian. */
describe('BusyBox', () => {
  it('unpacks all trees as they were packed here', async () => {
    if (!hasBusyBox) {
      process.stderr.write(
        'BusyBox did not check our archives: it is not installed (apt-get install busybox).\n',
      );
      return;
    }
    for (const [name, tree] of TREES) {
      expect([name, told(await unpacked(tree, busyBoxTar))]).toEqual([name, told(tree)]);
      await rm(join(folder, 'tree'), { recursive: true });
    }
  });
});

describe('the bytes of an archive', () => {
  /** Every Node on this machine's path, the one that runs the specs among them. */
  const nodes = [
    process.execPath,
    ...(process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'node')),
  ].filter((node) => existsSync(node));

  it('are the same under each Node that is installed, and in a process of its own', async () => {
    const program = await bundleProgram(join(__dirname, '../../test/pack.program.ts'), folder);
    const { sha256 } = await packContext(treeOfLongNames());
    for (const node of new Set(nodes)) {
      expect([node, execFileSync(node, [program]).toString()]).toEqual([node, sha256]);
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
