import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { unpackContext } from './unpack-context';

type Entry = Partial<Header> & Pick<Header, 'name'>;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-unpack-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function archive(...headers: Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const header of headers) tar.entry(header, header.type === undefined ? 'text' : '');
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}

test('regular files are written with their folders and their executable bit', async () => {
  await expect(
    unpackContext(await archive({ name: 'a/b.sh', mode: 0o755 }, { name: 'c' }), folder),
  ).resolves.toBe(2);
  await expect(readFile(join(folder, 'c'), 'utf8')).resolves.toBe('text');
  expect((await stat(join(folder, 'a/b.sh'))).mode & 0o111).not.toBe(0);
});

test.each<[string, Entry[]]>([
  ['a link', [{ name: 'a', type: 'symlink', linkname: '/etc/passwd' }]],
  ['a folder', [{ name: 'a', type: 'directory' }]],
  ['a path upwards', [{ name: '../a' }]],
  ['an absolute path', [{ name: '/a' }]],
  ['the same file twice', [{ name: 'a' }, { name: 'a' }]],
])('%s ends it', async (_, headers) => {
  await expect(unpackContext(await archive(...headers), folder)).rejects.toThrow();
});

test('bytes that are no archive end it', async () => {
  await expect(unpackContext(Buffer.from('no archive'), folder)).rejects.toThrow();
});
