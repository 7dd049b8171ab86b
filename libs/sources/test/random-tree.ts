import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byPath, type ContextEntry } from '@slipway/domain';

/** Of 100 bytes are the names of an old header, and of 155 what stands before them. */
const LONG_STEMS = [95, 99, 100, 101, 150, 240].map((length) => 'n'.repeat(length));
const FOREIGN_STEMS = ['ä', 'ß', '日本語', 'Ж', '🚀', 'é\u0323', '\u00a0'];
const STEMS = [
  'a',
  'Main',
  '.hidden',
  '..',
  '-rf',
  '--',
  '~',
  '*',
  '$(id)',
  "'",
  '"',
  ' ',
  'a b',
  '#',
  '@',
  '%2e',
  ...FOREIGN_STEMS,
  ...LONG_STEMS,
];
const ENDINGS = ['', '.js', '.tar.gz', ' ', '.', '~', '/'];
const SIZES = [0, 1, 511, 512, 513, 1024, 20_000];

/** Numbers from 0 to below 1 that follow from their seed alone (Mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Up to 40 files with names, sizes and modes at which archives go wrong; the same for the same seed. */
export function randomTree(seed: number): ContextEntry[] {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(choices: readonly T[]): T => choices[below(choices.length)]!;
  const folders = [''];
  return Array.from({ length: 1 + below(40) }, (_, n) => {
    // The number keeps two names apart, whatever the rest of them is.
    const path = `${pick(folders)}${pick(STEMS)}${n}${pick(ENDINGS)}`.normalize('NFC');
    const inFolder = path.endsWith('/');
    if (inFolder && path.length < 600) folders.push(path);
    return {
      path: inFolder ? `${path}file` : path,
      executable: random() < 0.3,
      content: Buffer.alloc(pick(SIZES), `${seed} ${n} `),
    };
  });
}

/** Names around the lengths at which the fields of an old header end (100 and 155 bytes), up to the longest taken. */
export function treeOfLongNames(): ContextEntry[] {
  const folders = [
    '',
    'p',
    'p'.repeat(99),
    'p'.repeat(154),
    'p'.repeat(155),
    'p'.repeat(156),
    // With the longest name: 512 bytes, which is a block.
    'p/'.repeat(128),
    'p/'.repeat(384),
  ];
  const names = [1, 98, 99, 100, 101, 154, 155, 156, 255].map((length) => 'n'.repeat(length));
  const foreign = [49, 50, 51, 77, 78, 127].map((length) => 'ä'.repeat(length));
  const paths = [...folders, ...foreign].flatMap((folder) =>
    [...names, ...foreign].map((name) => (folder === '' ? name : `${folder.replace(/\/$/, '')}-/${name}`)),
  );
  return paths.map((path) => ({ path, executable: false, content: Buffer.from(path) }));
}

/** All files below a folder, in the order of their paths. Fails on anything that is neither file nor folder. */
export async function treeIn(folder: string): Promise<ContextEntry[]> {
  const found = await readdir(folder, { recursive: true });
  const entries = await Promise.all(
    found.map(async (path): Promise<ContextEntry[]> => {
      const stats = await lstat(join(folder, path));
      if (stats.isDirectory()) return [];
      if (!stats.isFile()) throw new Error(`${path} is neither a file nor a folder`);
      return [{ path, executable: (stats.mode & 0o111) !== 0, content: await readFile(join(folder, path)) }];
    }),
  );
  return entries.flat().sort(byPath);
}
