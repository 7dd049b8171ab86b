import { Readable } from 'node:stream';
import { SlipwayError, type ContextEntry } from '@slipway/domain';
import type { EntryCollector } from '../entry-collector';
import { assertEntryPath } from '../entry-path';
import type { SourceLimits } from '../limits';
import { boundedGunzip } from './bounded-gunzip';
import { readTar } from './read-tar';
import { readZip } from './read-zip';

const TAR_MAGIC_AT = 257;

/** What the bytes are, whatever they are called. */
function formatOf(bytes: Buffer): 'gzip' | 'zip' | 'tar' | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  // The second one is an empty archive.
  if (/^PK(\x03\x04|\x05\x06)/.test(bytes.toString('latin1', 0, 4))) return 'zip';
  if (bytes.toString('latin1', TAR_MAGIC_AT, TAR_MAGIC_AT + 5) === 'ustar') return 'tar';
  return undefined;
}

/** Archives of repositories put everything below one folder; what is meant is what lies in it. */
function withoutTopFolder(entries: ContextEntry[]): ContextEntry[] {
  const top = entries[0]?.path.split('/')[0];
  if (top === undefined || !entries.every(({ path }) => path.startsWith(`${top}/`))) return entries;
  return entries.map((entry) => {
    const path = entry.path.slice(top.length + 1);
    // What was harmless below a folder need not be without it: "top/C:/x".
    assertEntryPath(path);
    return { ...entry, path };
  });
}

/** Reads the files of a .tar.gz, .tar or .zip. Fails with `source_invalid` or `source_too_large`. */
export async function readArchive(bytes: Buffer, limits: SourceLimits): Promise<ContextEntry[]> {
  const collector = await readAs(formatOf(bytes), bytes, limits);
  return withoutTopFolder(collector.entries());
}

async function readAs(
  format: string | undefined,
  bytes: Buffer,
  limits: SourceLimits,
): Promise<EntryCollector> {
  switch (format) {
    case 'gzip':
      return readTar(boundedGunzip(bytes, limits), limits);
    case 'tar':
      return readTar(Readable.from([bytes]), limits);
    case 'zip':
      return readZip(bytes, limits);
    default:
      throw new SlipwayError('source_invalid', 'The source is neither a .tar.gz nor a .zip archive.');
  }
}

/** Whether a key or path is called like an archive. */
export function isArchiveName(name: string): boolean {
  return /\.(zip|tar\.gz|tgz)$/i.test(name);
}
