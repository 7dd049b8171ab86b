import { crc32, deflateRawSync } from 'node:zlib';

/** What the local header and the directory both say about an entry; each may say something else. */
interface HandmadeZipHeader {
  name: string | Buffer;
  flags: number;
  method: number;
  crc: number;
  packedSize: number;
  /** What it claims to unpack to. */
  size: number;
  extra: Buffer;
}

/** A zip entry field by field, so that specs can write what no honest tool writes. */
export interface HandmadeZipEntry extends Partial<HandmadeZipHeader> {
  name: string | Buffer;
  content?: string | Buffer;
  /** The bytes as they lie there; the deflated content where not given. */
  packed?: Buffer;
  /** Unix mode with its type bits; a regular file where not given. */
  mode?: number;
  /** The system that the entry claims to come from; 3 is Unix. */
  madeBy?: number;
  comment?: string;
  /** Where the local header alone says something else. */
  local?: Partial<HandmadeZipHeader>;
  /** Where the directory places it; where it is, when not given. */
  offset?: number;
}

/** What the record at the end says; the truth where not given. */
export interface HandmadeZipEnd {
  disk?: number;
  entries?: number;
  size?: number;
  offset?: number;
  comment?: string | Buffer;
  commentLength?: number;
  /** Bytes between the directory and the end record: zip64 records, given where the directory lies. */
  before?: (offset: number, size: number) => Buffer;
}

const UTF8 = 0x800;

/** The fields that the local header and the directory share, from "version needed" to the lengths of name and extra. */
function shared(header: HandmadeZipHeader): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(header.flags, 2);
  fields.writeUInt16LE(header.method, 4);
  fields.writeUInt32LE(header.crc, 10);
  fields.writeUInt32LE(header.packedSize, 14);
  fields.writeUInt32LE(header.size, 18);
  fields.writeUInt16LE(Buffer.byteLength(header.name), 22);
  fields.writeUInt16LE(header.extra.length, 24);
  return fields;
}

function signature(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function parts(entry: HandmadeZipEntry): { local: Buffer; central: (offset: number) => Buffer } {
  const content = Buffer.from(entry.content ?? '');
  const packed = entry.packed ?? (entry.method === 0 ? content : deflateRawSync(content));
  const header: HandmadeZipHeader = {
    name: entry.name,
    flags: entry.flags ?? UTF8,
    method: entry.method ?? 8,
    crc: entry.crc ?? crc32(content),
    packedSize: entry.packedSize ?? packed.length,
    size: entry.size ?? content.length,
    extra: entry.extra ?? Buffer.alloc(0),
  };
  const local = { ...header, ...entry.local };
  const central = (offset: number): Buffer => {
    const comment = Buffer.from(entry.comment ?? '');
    const tail = Buffer.alloc(14);
    tail.writeUInt16LE(comment.length, 0);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(entry.offset ?? offset, 10);
    const madeBy = Buffer.from([0x14, entry.madeBy ?? 3]);
    const name = Buffer.from(header.name);
    return Buffer.concat([
      signature('PK\x01\x02'),
      madeBy,
      shared(header),
      tail,
      name,
      header.extra,
      comment,
    ]);
  };
  return {
    local: Buffer.concat([
      signature('PK\x03\x04'),
      shared(local),
      Buffer.from(local.name),
      local.extra,
      packed,
    ]),
    central,
  };
}

function endRecord(entries: number, size: number, offset: number, end: HandmadeZipEnd): Buffer {
  const comment = Buffer.from(end.comment ?? '');
  const record = Buffer.alloc(18);
  record.writeUInt16LE(end.disk ?? 0, 0);
  record.writeUInt16LE(end.entries ?? entries, 4);
  record.writeUInt16LE(end.entries ?? entries, 6);
  record.writeUInt32LE(end.size ?? size, 8);
  record.writeUInt32LE(end.offset ?? offset, 12);
  record.writeUInt16LE(end.commentLength ?? comment.length, 16);
  return Buffer.concat([
    end.before?.(offset, size) ?? Buffer.alloc(0),
    signature('PK\x05\x06'),
    record,
    comment,
  ]);
}

/** A zip of these entries, as one written on Unix. */
export function handmadeZip(entries: readonly HandmadeZipEntry[], end: HandmadeZipEnd = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = parts(entry);
    locals.push(local);
    directory.push(central(offset));
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...locals, ...directory, endRecord(entries.length, size, offset, end)]);
}

/** The two zip64 records (end record and its locator), which stand between the directory and the plain end record. */
export function zip64Records(told: {
  entries: number;
  size: number;
  offset: number;
  at: number;
  disk?: number;
}): Buffer {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt32LE(told.disk ?? 0, 16);
  record.writeBigUInt64LE(BigInt(told.entries), 24);
  record.writeBigUInt64LE(BigInt(told.entries), 32);
  record.writeBigUInt64LE(BigInt(told.size), 40);
  record.writeBigUInt64LE(BigInt(told.offset), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(told.at), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}
