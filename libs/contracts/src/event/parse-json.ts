import { SlipwayError } from '@slipway/domain';

/** Levels. Writing deeper JSON again overflows the stack of JSON.stringify and of PostgreSQL, and many readers refuse it. */
const MAX_DEPTH = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** By how many levels a byte outside texts leads further in. */
function stepOf(byte: number): number {
  if (byte === 0x5b || byte === 0x7b) return 1;
  return byte === 0x5d || byte === 0x7d ? -1 : 0;
}

/** Looks at the bytes alone, because it is the parser that deep text exhausts: 10 MiB of "[" cost it 700 MB. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) inText = !inText;
    else if (!inText) depth += stepOf(byte);
    else if (byte === BACKSLASH) at += 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Parses untrusted JSON. Fails with `not_a_cloudevent`; `what` begins the sentence, such as "The body". */
export function parseJson(bytes: Buffer, what: string): unknown {
  if (isTooDeep(bytes)) {
    throw new SlipwayError('not_a_cloudevent', `${what} is nested deeper than ${MAX_DEPTH} levels.`);
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new SlipwayError('not_a_cloudevent', `${what} is not valid JSON: ${(error as Error).message}.`);
  }
}
