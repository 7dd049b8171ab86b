import { crc32 } from 'node:zlib';
import { SlipwayError } from '@slipway/domain';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { EntryCollector } from '../entry-collector';
import { assertEntryPath, refuseEntry } from '../entry-path';
import { unpackedByRatio, type SourceLimits } from '../limits';
import { refuseArchive } from './refuse-archive';
import { ZipLayout } from './zip-layout';

const UNIX = 3;
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const ENCRYPTED = 1;

/** The upper half of the attributes: a Unix mode, where one was written. */
function modeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

/** Other systems keep other attributes there, and none of them makes a file executable. */
function isExecutable(entry: Entry): boolean {
  return entry.versionMadeBy >> 8 === UNIX && (modeOf(entry) & 0o111) !== 0;
}

/** The type counts whatever system the entry claims to come from: some unpackers make a link of it all the same. */
function assertType(entry: Entry, expected: number): void {
  const type = modeOf(entry) & TYPE_MASK;
  if (type !== 0 && type !== expected) refuseEntry(entry.fileName, 'is no regular file');
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) refuseEntry(entry.fileName, 'is encrypted');
}

/** Folders follow from their files, so they are only looked at. */
function assertFolder(entry: Entry): void {
  assertType(entry, FOLDER);
  assertEntryPath(entry.fileName.slice(0, -1));
  if (entry.uncompressedSize !== 0) refuseEntry(entry.fileName, 'is a folder with content');
}

/** The bytes of an entry, which the reader holds to the claimed size, and we to the claimed checksum. */
async function contentOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== entry.crc32) refuseEntry(entry.fileName, 'is damaged: its checksum differs');
  return bytes;
}

async function readEntry(zip: ZipFile, entry: Entry, collector: EntryCollector): Promise<void> {
  assertType(entry, REGULAR);
  collector.admit(entry.fileName, entry.uncompressedSize);
  const content = await contentOf(zip, entry);
  collector.keep({ path: entry.fileName, executable: isExecutable(entry), content });
}

async function readEntries(bytes: Buffer, zip: ZipFile, collector: EntryCollector): Promise<void> {
  const layout = new ZipLayout(bytes, zip);
  for await (const entry of zip.eachEntry()) {
    collector.count();
    layout.add(entry, await zip.readLocalFileHeaderPromise(entry));
    if (entry.fileName.endsWith('/')) assertFolder(entry);
    else await readEntry(zip, entry, collector);
  }
  layout.assertComplete();
}

/** Reads a zip from memory. The central directory names the entries; bytes between them are not looked at. */
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
    await readEntries(bytes, zip, collector);
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    refuseArchive(`cannot be read: ${(error as Error).message}`, error);
  } finally {
    zip?.close();
  }
  return collector;
}
