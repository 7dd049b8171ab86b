import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

const MAX_FILES = 50_000;
const MAX_BYTES = 1024 ** 3;

/** Writes an archive's files below `folder`. Whatever is not a regular file with a plain relative path ends it. */
export async function unpackContext(archive: Buffer, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const tar = extract();
  const gunzip = createGunzip();
  gunzip.on('error', (error) => tar.destroy(error));
  Readable.from([archive]).pipe(gunzip).pipe(tar);
  let files = 0;
  let bytes = 0;
  for await (const entry of tar) {
    const { name, type, size = 0, mode = 0 } = entry.header;
    bytes += size;
    if (++files > MAX_FILES || bytes > MAX_BYTES)
      throw new Error('the context is larger than any that Slipway makes');
    if (type !== 'file') throw new Error(`the context holds ${name}, which is no regular file`);
    assertPlain(name);
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    // 'wx': a second file of the same name is refused, and no link is followed.
    await writeFile(path, await buffer(entry), { flag: 'wx', mode: (mode & 0o100) === 0 ? 0o644 : 0o755 });
  }
  return files;
}

function assertPlain(name: string): void {
  const plain = name !== '' && !name.includes('\0') && !name.includes('\\');
  if (plain && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return;
  throw new Error(`the context holds the path ${JSON.stringify(name)}`);
}
