import { crc32 } from 'node:zlib';
import { SlipwayError } from '@slipway/domain';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { EntryCollector } from '../entry-collector';
import { refuseEntry } from '../entry-path';
import { unpackedByRatio, type SourceLimits } from '../limits';

const UNIX = 3;
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const ENCRYPTED = 1;

/** The Unix mode of an entry, where it was written on such a system. */
function modeOf(entry: Entry): number {
  return entry.versionMadeBy >> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
}

function assertRegular(entry: Entry): void {
  const type = modeOf(entry) & TYPE_MASK;
  if (type !== 0 && type !== REGULAR) refuseEntry(entry.fileName, 'is no regular file');
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) refuseEntry(entry.fileName, 'is encrypted');
}

/** The bytes of an entry, which the reader holds to the claimed size, and we to the claimed checksum. */
async function content(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== entry.crc32) refuseEntry(entry.fileName, 'is damaged: its checksum differs');
  return bytes;
}

/** Reads a zip from memory. Only the central directory names entries; whatever else lies in the bytes is not looked at. */
export async function readZip(bytes: Buffer, limits: SourceLimits): Promise<EntryCollector> {
  const unpacked = Math.min(limits.totalBytes, unpackedByRatio(bytes.length, limits));
  const collector = new EntryCollector({ ...limits, totalBytes: unpacked });
  let zip: ZipFile | undefined;
  try {
    zip = await fromBufferPromise(bytes, {
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
    for await (const entry of zip.eachEntry()) {
      collector.count();
      if (entry.fileName.endsWith('/')) continue;
      assertRegular(entry);
      collector.admit(entry.fileName, entry.uncompressedSize);
      const executable = (modeOf(entry) & 0o111) !== 0;
      collector.keep({ path: entry.fileName, executable, content: await content(zip, entry) });
    }
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw new SlipwayError('source_invalid', `The archive cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  } finally {
    zip?.close();
  }
  return collector;
}
