import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ContextEntry } from '@slipway/domain';
import { handmadeTar, paxRecords } from '../../test/handmade-tar';
import { handmadeZip } from '../../test/handmade-zip';
import { DEFAULT_LIMITS } from '../limits';
import { packContext } from './pack-context';
import { readArchive } from './read-archive';

function listed(entries: readonly ContextEntry[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ path, content }) => [path, content.toString()]));
}

const FILES = [
  { name: 'index.js', content: 'a' },
  { name: 'lib/b.js', content: 'b' },
];

describe('reading an archive', () => {
  it.each([
    ['.tar', handmadeTar(FILES)],
    ['.tar.gz', gzipSync(handmadeTar(FILES))],
    ['.zip', handmadeZip(FILES)],
    ['GNU tar', handmadeTar(FILES.map((file) => ({ ...file, magic: 'ustar  \0' })))],
  ])('takes the files of a %s by its bytes, not by its name', async (_, bytes) => {
    expect(listed(await readArchive(bytes, DEFAULT_LIMITS))).toEqual({ 'index.js': 'a', 'lib/b.js': 'b' });
  });

  it('takes away the one folder in which everything lies, and the comment of a repository', async () => {
    const archive = handmadeTar([
      { name: 'pax_global_header', type: 'g', content: paxRecords({ comment: 'f'.repeat(40) }) },
      { name: 'repo-main/', type: '5' },
      { name: 'repo-main/index.js', content: 'a' },
      { name: 'repo-main/lib/b.js', content: 'b' },
    ]);
    expect(listed(await readArchive(archive, DEFAULT_LIMITS))).toEqual({ 'index.js': 'a', 'lib/b.js': 'b' });
  });

  it('keeps folders that are not common to all, and takes "./" for nothing', async () => {
    const archive = handmadeTar([
      { name: './', type: '5' },
      { name: './a/x', content: '1' },
      { name: './b', content: '2' },
    ]);
    expect(listed(await readArchive(archive, DEFAULT_LIMITS))).toEqual({ 'a/x': '1', b: '2' });
  });

  it.each([
    ['tar', handmadeTar([{ name: 'run', mode: 0o755 }, { name: 'data' }])],
    ['zip', handmadeZip([{ name: 'run', mode: 0o100755 }, { name: 'data' }])],
  ])('keeps the executable bit of a %s', async (_, bytes) => {
    const entries = await readArchive(bytes, DEFAULT_LIMITS);
    expect(entries.map(({ path, executable }) => [path, executable])).toEqual([
      ['run', true],
      ['data', false],
    ]);
  });

  it.each([`${'d'.repeat(90)}/${'n'.repeat(120)}`, 'ä/日本.txt'])(
    'reads long and foreign names back as they were packed',
    async (path) => {
      const { archive } = await packContext([
        { path, executable: false, content: Buffer.from('x') },
        { path: 'z', executable: false, content: Buffer.alloc(0) },
      ]);
      expect(listed(await readArchive(archive, DEFAULT_LIMITS))).toEqual({ [path]: 'x', z: '' });
    },
  );

  it('takes binary content as it is', async () => {
    const content = randomBytes(100_000);
    const [entry] = await readArchive(gzipSync(handmadeTar([{ name: 'blob', content }])), DEFAULT_LIMITS);
    expect(entry?.content.equals(content)).toBe(true);
  });
});
