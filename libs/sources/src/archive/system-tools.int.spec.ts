import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextEntry } from '@slipway/domain';
import { DEFAULT_LIMITS } from '../limits';
import { packContext } from './pack-context';
import { readArchive } from './read-archive';

const NAMES = ['index.js', 'run.sh', 'lib/ä.js', `${'d'.repeat(60)}/${'long'.repeat(40)}.txt`, 'empty'];

const ENTRIES: ContextEntry[] = NAMES.map((path, n) => ({
  path,
  executable: path === 'run.sh',
  content: Buffer.alloc(n === NAMES.length - 1 ? 0 : 511 + n, path),
}));

let folder: string;
let tree: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-archives-'));
  tree = join(folder, 'tree');
  await mkdir(tree);
  await writeFile(join(folder, 'ours.tar.gz'), (await packContext(ENTRIES)).archive);
  execFileSync('/usr/bin/tar', ['-xzf', join(folder, 'ours.tar.gz'), '-C', tree]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function sorted(entries: readonly ContextEntry[]): ContextEntry[] {
  return [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe('archives between us and the tools of the system', () => {
  it('are unpacked by tar as they were packed here', async () => {
    for (const { path, content, executable } of ENTRIES) {
      expect((await readFile(join(tree, path))).equals(content)).toBe(true);
      expect(((await stat(join(tree, path))).mode & 0o111) !== 0).toBe(executable);
    }
  });

  it.each(['gnu', 'pax'])('are read as tar packs them in its format %s', async (format) => {
    const file = join(folder, `${format}.tar.gz`);
    execFileSync('/usr/bin/tar', ['-czf', file, `--format=${format}`, '-C', tree, '.']);
    expect(sorted(await readArchive(await readFile(file), DEFAULT_LIMITS))).toEqual(sorted(ENTRIES));
  });
});
