import { damaged } from './refuse-archive';

export const BLOCK = 512;

/** The largest size that the octal field can say, in bytes: 8 GiB - 1. */
export const MAX_OCTAL_SIZE = 8 ** 11 - 1;

/** One header block of a tar: what it says itself, before extension headers change it. */
export interface TarHeader {
  name: string;
  /** The type flag as it stands there; '\0' of old archives is given as '0'. */
  type: string;
  /** Bytes of content that follow, without the padding. */
  size: number;
  mode: number;
}

// Offsets and lengths of the fields: POSIX.1-2024, pax, "ustar Interchange Format".
const NAME = [0, 100] as const;
const MODE = [100, 8] as const;
const SIZE = [124, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = 156;
const MAGIC = [257, 6] as const;
const PREFIX = [345, 155] as const;

type Field = readonly [at: number, length: number];

function textOf(block: Buffer, [at, length]: Field): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end === -1 ? at + length : Math.min(end, at + length));
}

/**
 * A number in octal, or in base 256 as GNU tar writes what octal cannot say. Anything that readers could take for
 * different numbers (signs, other digits, something after the end) is refused.
 */
function numberOf(block: Buffer, [at, length]: Field, what: string): number {
  if (block[at] === 0x80)
    return block.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, 0);
  const text = block.toString('latin1', at, at + length);
  const digits = /^ *([0-7]*)[ \0]*$/.exec(text)?.[1];
  if (digits === undefined) damaged(`a header has a ${what} that is no number`);
  return digits === '' ? 0 : parseInt(digits, 8);
}

/** The sum of all bytes, with the checksum's own field taken as spaces. */
function checksumOf(block: Buffer): number {
  const [at, length] = CHECKSUM;
  let sum = length * 0x20;
  for (let n = 0; n < BLOCK; n += 1) if (n < at || n >= at + length) sum += block[n]!;
  return sum;
}

/** GNU tar keeps times where POSIX keeps the first part of a long name. */
function prefixOf(block: Buffer, magic: string): string {
  const prefix = magic === 'ustar\0' ? textOf(block, PREFIX) : '';
  return prefix === '' ? '' : `${prefix}/`;
}

/** Reads one header block. Fails with `source_invalid` where it is none, or is not clear. */
export function parseTarHeader(block: Buffer): TarHeader {
  const magic = block.toString('latin1', MAGIC[0], MAGIC[0] + MAGIC[1]);
  if (magic !== 'ustar\0' && magic !== 'ustar ') damaged('a header is of no known format');
  if (numberOf(block, CHECKSUM, 'checksum') !== checksumOf(block))
    damaged('the checksum of a header differs');
  return {
    name: prefixOf(block, magic) + textOf(block, NAME),
    type: block[TYPE] === 0 ? '0' : String.fromCharCode(block[TYPE]!),
    size: numberOf(block, SIZE, 'size'),
    mode: numberOf(block, MODE, 'mode'),
  };
}
