import type { Entry, LocalFileHeader, ZipFile } from 'yauzl';
import { refuseArchive } from './refuse-archive';

// Lengths and offsets: APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16.
const END_RECORD = 22;
const CENTRAL_HEADER = 46;
const ZIP64_LOCATOR = 20;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/** Sizes and checksum stand behind the data instead of in the local header. */
const DATA_DESCRIPTOR = 1 << 3;

interface Directory {
  entries: number;
  size: number;
  offset: number;
  /** Where the records begin that end the archive. */
  end: number;
}

function plainDirectory(bytes: Buffer, end: number): Directory {
  return {
    entries: bytes.readUInt16LE(end + 10),
    size: bytes.readUInt32LE(end + 12),
    offset: bytes.readUInt32LE(end + 16),
    end,
  };
}

function zip64Directory(bytes: Buffer, locator: number): Directory {
  const end = Number(bytes.readBigUInt64LE(locator + 8));
  return {
    entries: Number(bytes.readBigUInt64LE(end + 32)),
    size: Number(bytes.readBigUInt64LE(end + 40)),
    offset: Number(bytes.readBigUInt64LE(end + 48)),
    end,
  };
}

function agrees(plain: number, full: number, saturated: number): boolean {
  return plain === saturated || plain === full;
}

/** What the records at the end say about the directory. Zip64 may only add what the plain record cannot say. */
function directoryOf(bytes: Buffer, { comment }: ZipFile): Directory {
  // The reader made sure that the comment ends with the file; it holds one character for each byte.
  const end = bytes.length - END_RECORD - comment.length;
  const plain = plainDirectory(bytes, end);
  const locator = end - ZIP64_LOCATOR;
  if (locator < 0 || bytes.readUInt32LE(locator) !== ZIP64_LOCATOR_SIGNATURE) return plain;
  const full = zip64Directory(bytes, locator);
  if (
    !agrees(plain.entries, full.entries, MAX_16) ||
    !agrees(plain.size, full.size, MAX_32) ||
    !agrees(plain.offset, full.offset, MAX_32)
  )
    refuseArchive('has two end records that differ');
  return full;
}

function lengthInDirectory(entry: Entry): number {
  return CENTRAL_HEADER + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
}

/** Readers that go by the local headers, one after the other, must find the same file. */
function assertSameFile(entry: Entry, local: LocalFileHeader): void {
  const same =
    local.fileName.equals(entry.fileNameRaw) &&
    local.compressionMethod === entry.compressionMethod &&
    ((local.generalPurposeBitFlag & DATA_DESCRIPTOR) !== 0 ||
      (local.crc32 === entry.crc32 &&
        agrees(local.compressedSize, entry.compressedSize, MAX_32) &&
        agrees(local.uncompressedSize, entry.uncompressedSize, MAX_32)));
  if (!same)
    refuseArchive(`describes ${JSON.stringify(entry.fileName.slice(0, 200))} in two ways that differ`);
}

/**
 * Keeps account of where a zip's parts lie: the directory lists all and lies directly before the end, each local header
 * says what the directory says, and no bytes belong to two entries. Each rule fails with `source_invalid`.
 */
export class ZipLayout {
  private readonly directory: Directory;
  private listed = 0;
  private readonly parts: { start: number; end: number }[] = [];

  constructor(bytes: Buffer, zip: ZipFile) {
    this.directory = directoryOf(bytes, zip);
    const { offset, size, end } = this.directory;
    if (offset + size !== end) refuseArchive('has a directory that does not end where its end record begins');
  }

  add(entry: Entry, local: LocalFileHeader): void {
    assertSameFile(entry, local);
    this.listed += lengthInDirectory(entry);
    this.parts.push({
      start: entry.relativeOffsetOfLocalHeader,
      end: local.fileDataStart + entry.compressedSize,
    });
  }

  /** After the last entry. */
  assertComplete(): void {
    if (this.listed !== this.directory.size) refuseArchive('has a directory of another size than it claims');
    const parts = this.parts.toSorted((one, other) => one.start - other.start);
    if (parts[0] && parts[0].start !== 0) refuseArchive('has data before its first entry');
    if (parts.some(({ end }, n) => end > (parts[n + 1]?.start ?? this.directory.offset)))
      refuseArchive('has entries that overlap');
  }
}
