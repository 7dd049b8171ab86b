import { gzipSync } from 'node:zlib';
import { handmadeTar } from '../handmade-tar';
import { tar, type HostileArchive, type HostileGroup } from './hostile-archive';

function sized(size: string): Buffer {
  return tar({ name: 'f', content: 'x'.repeat(600), size });
}

/** A size in base 256: the first byte marks it, the rest is the number. */
function base256(mark: number, ...last: number[]): string {
  const bytes = Buffer.alloc(12, mark === 0xff ? 0xff : 0);
  bytes[0] = mark;
  bytes.set(last, 12 - last.length);
  return bytes.toString('latin1');
}

const NO_SIZE = 'a size that is no number';

const SIZES: readonly HostileArchive[] = [
  ['a sign', () => sized('-0000000001\0'), NO_SIZE],
  ['a plus sign', () => sized('+0000001130\0'), NO_SIZE],
  ['digits that are not octal', () => sized('00000000600\0'.replace('6', '8')), NO_SIZE],
  ['letters', () => sized('abcdefghijk\0'), NO_SIZE],
  ['hexadecimal', () => sized('0x258\0'), NO_SIZE],
  ['an exponent', () => sized('1e3\0'), NO_SIZE],
  ['digits behind its end', () => sized('1130\x000001\0'), NO_SIZE],
  ['digits behind a blank', () => sized('1130 1\0'), NO_SIZE],
  ['letters behind its end', () => sized('1130\0evil\0'), NO_SIZE],
  ['a tab before it', () => sized('\t1130\0'), NO_SIZE],
  ['a broken number', () => sized('1130.5\0'), NO_SIZE],
  ['-1 in base 256', () => sized(base256(0xff)), NO_SIZE],
  ['a negative number in base 256', () => sized(base256(0xff, 0xfd, 0xa8)), NO_SIZE],
  ['an unknown mark of base 256', () => sized(base256(0x81, 0x02, 0x58)), NO_SIZE],
  ['another unknown mark', () => sized(base256(0xc0, 0x02, 0x58)), NO_SIZE],
];

const CLAIMS: readonly HostileArchive[] = [
  ['all octal digits', () => sized('77777777777\0'), 'bytes; at most'],
  ['twelve octal digits', () => sized('777777777777'), 'bytes; at most'],
  [
    'one byte too many',
    () => tar({ name: 'f', size: 50 * 1024 * 1024 + 1 }),
    '52428801 bytes; at most 52428800',
  ],
  ['2^32 in base 256', () => sized(base256(0x80, 1, 0, 0, 0, 0)), '4294967296 bytes'],
  ['2^63 in base 256', () => sized(base256(0x80, 0x80, 0, 0, 0, 0, 0, 0, 0)), 'bytes; at most'],
  ['all bits in base 256', () => sized(`\x80${'\xff'.repeat(11)}`), 'bytes; at most'],
];

const DIFFERS = 'the checksum of a header differs';

/** A header whose sum is taken over signed bytes, as some old tools did: not the same for a name beyond ASCII. */
function signedSum(): string {
  const block = handmadeTar([{ name: 'ä' }]).subarray(0, 512);
  let sum = 8 * 0x20;
  for (let n = 0; n < 512; n += 1) if (n < 148 || n >= 156) sum += block.readInt8(n);
  return `${sum.toString(8).padStart(6, '0')}\0 `;
}

const CHECKSUMS: readonly HostileArchive[] = [
  ['off by one', () => tar({ name: 'f', damaged: true }), DIFFERS],
  ['zero', () => tar({ name: 'f', checksum: '000000\0 ' }), DIFFERS],
  ['empty', () => tar({ name: 'f', checksum: '\0'.repeat(8) }), DIFFERS],
  ['negative', () => tar({ name: 'f', checksum: '-00001\0 ' }), 'a checksum that is no number'],
  ['text', () => tar({ name: 'f', checksum: 'checksum' }), 'a checksum that is no number'],
  ['of signed bytes', () => tar({ name: 'ä', checksum: signedSum() }), DIFFERS],
];

const OTHER_FORMATS: readonly HostileArchive[] = [
  ['no format', () => tar({ name: 'f', magic: '\0'.repeat(8) }), 'no known format'],
  ['a format in capitals', () => tar({ name: 'f', magic: 'USTAR\x0000' }), 'no known format'],
  ['a broken format', () => tar({ name: 'f', magic: 'ustarx00' }), 'no known format'],
  ['a mode that is no number', () => gzipSync(withMode('rwxr-xr-')), 'a mode that is no number'],
  ['a negative mode', () => gzipSync(withMode('-000644\0')), 'a mode that is no number'],
];

function withMode(mode: string): Buffer {
  const bytes = handmadeTar([{ name: 'f' }]);
  const before = bytes.subarray(100, 108).reduce((sum, byte) => sum + byte, 0);
  const after = Buffer.from(mode, 'latin1').reduce((sum, byte) => sum + byte, 0);
  const sum = parseInt(bytes.toString('latin1', 148, 154), 8) - before + after;
  bytes.write(mode, 100, 'latin1');
  bytes.write(sum.toString(8).padStart(6, '0'), 148);
  return bytes;
}

export const TAR_NUMBER_GROUPS: readonly HostileGroup[] = [
  { of: 'tar with sizes', code: 'source_invalid', archives: SIZES },
  { of: 'tar with claims', code: 'source_too_large', archives: CLAIMS },
  { of: 'tar with checksums', code: 'source_invalid', archives: CHECKSUMS },
  { of: 'tar with other fields', code: 'source_invalid', archives: OTHER_FORMATS },
];
