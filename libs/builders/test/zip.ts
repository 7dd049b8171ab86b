import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;

/** A zip archive of small text files, stored without compression (APPNOTE.TXT 4.3). */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const fields = commonFields(content, name);
    const local = Buffer.concat([uint32(LOCAL_HEADER), fields, Buffer.from(name), content]);
    const attributes = Buffer.concat([Buffer.alloc(10), uint32(offset)]);
    centrals.push(Buffer.concat([uint32(CENTRAL_HEADER), uint16(20), fields, attributes, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const counts = [uint16(0), uint16(0), uint16(centrals.length), uint16(centrals.length)];
  const end = [uint32(END_OF_DIRECTORY), ...counts, uint32(directory.length), uint32(offset), uint16(0)];
  return Buffer.concat([...locals, directory, ...end]);
}

/** Version, flags, method, time, date, checksum, sizes, lengths: the same in both kinds of header. */
function commonFields(content: Buffer, name: string): Buffer {
  const midnight1980 = [uint16(0), uint16(0x21)];
  return Buffer.concat([
    uint16(20),
    uint16(0),
    uint16(0),
    ...midnight1980,
    uint32(crc32(content)),
    uint32(content.length),
    uint32(content.length),
    uint16(Buffer.byteLength(name)),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
