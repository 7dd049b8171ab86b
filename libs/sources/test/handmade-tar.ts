const BLOCK = 512;

/** A tar header field by field, so that specs can write what no honest tool writes. */
export interface HandmadeEntry {
  name: string | Buffer;
  /** Type flag; '0' is a regular file. */
  type?: string;
  content?: string | Buffer;
  /** What the header claims; the content's size where not given. */
  size?: number | string;
  mode?: number;
  linkname?: string;
  magic?: string;
  /** What stands before the name in the format ustar. */
  prefix?: string;
  /** The whole field, where it shall not be the right one. */
  checksum?: string;
  damaged?: boolean;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

function header(entry: HandmadeEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  Buffer.from(entry.name).copy(block, 0, 0, 100);
  block.write(octal(entry.mode ?? 0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(typeof entry.size === 'string' ? entry.size : octal(entry.size ?? size, 11), 124, 'latin1');
  block.write(octal(0, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(entry.type ?? '0', 156);
  block.write(entry.linkname ?? '', 157);
  block.write(entry.magic ?? 'ustar\x0000', 257, 'latin1');
  block.write(entry.prefix ?? '', 345);
  const sum = block.reduce((total, byte) => total + byte, 0) + (entry.damaged ? 1 : 0);
  block.write(entry.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** A tar of these entries, in this order, with its end marker. */
export function handmadeTar(entries: readonly HandmadeEntry[]): Buffer {
  const parts = entries.map((entry) => {
    const content = Buffer.from(entry.content ?? '');
    return Buffer.concat([header(entry, content.length), padded(content)]);
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** The content of a PAX header (POSIX pax, "extended header"): each record begins with its own length. */
export function paxRecords(records: Readonly<Record<string, string>>): string {
  return Object.entries(records)
    .map(([name, value]) => {
      const rest = Buffer.byteLength(` ${name}=${value}\n`);
      let length = rest + 1;
      while (String(length).length + rest !== length) length += 1;
      return `${length} ${name}=${value}\n`;
    })
    .join('');
}
