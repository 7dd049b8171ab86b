import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { byPath, type ContextEntry } from '@slipway/domain';
import { TarArchive } from 'archiver';

export interface PackedContext {
  archive: Buffer;
  /** SHA-256 (64 hex) of the archive. */
  sha256: string;
  size: number;
}

const EPOCH = new Date(0);
/** Byte of the gzip header that names the operating system (RFC 1952), and its value for Unix. */
const OS_AT = 9;
const UNIX = 3;

/** Wherever and whenever it is packed, the same tree gives the same bytes: order, times, owners and modes are fixed. */
export async function packContext(entries: readonly ContextEntry[]): Promise<PackedContext> {
  const tar = new TarArchive();
  const gzip = tar.pipe(createGzip({ level: 6 }));
  const failed = new Promise<never>((_, reject) => tar.on('error', reject));
  for (const entry of [...entries].sort(byPath)) {
    const mode = entry.executable ? 0o755 : 0o644;
    // With explicit stats nothing is read from the machine; `file()` would be (and it keeps no order).
    tar.append(entry.content, {
      name: entry.path,
      mode,
      date: EPOCH,
      stats: { mode, size: entry.content.length, mtime: EPOCH, uid: 0, gid: 0 } as never,
    });
  }
  const archive = await Promise.race([collect(gzip, tar.finalize()), failed]);
  archive[OS_AT] = UNIX;
  return { archive, sha256: createHash('sha256').update(archive).digest('hex'), size: archive.length };
}

async function collect(stream: NodeJS.ReadableStream, written: Promise<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  await written;
  return Buffer.concat(chunks);
}
