import { SlipwayError } from '@slipway/domain';
import type { SourceLimits } from '../limits';

const BLOCK = 512;
const TYPE_AT = 156;
const SIZE_AT = 124;
const MAGIC_AT = 257;
/** A name of 1 KiB and some attributes; what writers of archives produce is far below. */
const MAX_EXTENSION = 64 * 1024;
/** A global header is merged into every entry's, so this one multiplies. */
const MAX_GLOBAL = 4 * 1024;
const PER_ENTRY = 3;

function refuse(what: string): never {
  throw new SlipwayError('source_invalid', `The archive ${what}.`);
}

function sizeOf(tar: Buffer, at: number): number {
  // Base-256 sizes are for what octal cannot say, which is too large anyway.
  if ((tar[at + SIZE_AT]! & 0x80) !== 0) return Number.POSITIVE_INFINITY;
  return parseInt(tar.toString('latin1', at + SIZE_AT, at + SIZE_AT + 12).trim(), 8) || 0;
}

/**
 * Refuses a tar with excessive extension headers, on which a parser spends its time before any entry comes out. Looks at
 * every block that could be one, whether it is a header or a file's data: so it holds however sizes are read.
 */
export function assertModestExtensions(tar: Buffer, limits: SourceLimits): void {
  let extensions = 0;
  for (let at = 0; at + BLOCK <= tar.length; at += BLOCK) {
    const type = String.fromCharCode(tar[at + TYPE_AT]!);
    if (!'xgLKN'.includes(type) || tar.toString('latin1', at + MAGIC_AT, at + MAGIC_AT + 5) !== 'ustar')
      continue;
    extensions += 1;
    if (extensions > limits.entries * PER_ENTRY) refuse('has too many extension headers');
    if (sizeOf(tar, at) > (type === 'g' ? MAX_GLOBAL : MAX_EXTENSION))
      refuse('has an oversized extension header');
  }
}
