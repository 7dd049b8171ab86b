import { crc32, deflateRawSync } from 'node:zlib';

/** A zip entry field by field, so that specs can write what no honest tool writes. */
export interface HandmadeZipEntry {
  name: string;
  content?: string | Buffer;
  /** Unix mode with its type bits; a regular file where not given. */
  mode?: number;
  flags?: number;
  method?: number;
  crc?: number;
  /** What the directory claims that it unpacks to. */
  size?: number;
}

const UTF8 = 0x800;

function parts(entry: HandmadeZipEntry): { local: Buffer; central: (offset: number) => Buffer } {
  const name = Buffer.from(entry.name);
  const content = Buffer.from(entry.content ?? '');
  const packed = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(entry.flags ?? UTF8, 2);
  common.writeUInt16LE(entry.method ?? 8, 4);
  common.writeUInt32LE(entry.crc ?? crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(entry.size ?? content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const central = (offset: number): Buffer => {
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    return Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name]);
  };
  return { local: Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]), central };
}

/** A zip of these entries, as one written on Unix. */
export function handmadeZip(entries: readonly HandmadeZipEntry[]): Buffer {
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
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
