import { SlipwayError } from '@slipway/domain';

const MAX_PATH_BYTES = 1024;
const MAX_NAME_BYTES = 255;

/** Ends the reading of a source because of one entry, which is named shortened and quoted. */
export function refuseEntry(path: string, why: string): never {
  throw new SlipwayError('source_invalid', `The entry ${JSON.stringify(path.slice(0, 200))} ${why}.`);
}

/**
 * The one rule for paths of a source: relative, `/`-separated, and meaning the same on every file system.
 * Fails with `source_invalid` naming the entry.
 */
export function assertEntryPath(path: string): void {
  if (path === '') refuseEntry(path, 'has no name');
  if (path.includes('\\')) refuseEntry(path, 'contains a backslash');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) refuseEntry(path, 'is an absolute path');
  // Decoders put U+FFFD where bytes are not UTF-8: two such names could become one.
  if (/[\uFFFD\p{Surrogate}]/u.test(path)) refuseEntry(path, 'is not valid Unicode');
  if (path !== path.normalize('NFC')) refuseEntry(path, 'is not in Unicode form NFC');
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) refuseEntry(path, `is longer than ${MAX_PATH_BYTES} bytes`);
  for (const part of path.split('/')) assertPart(path, part);
}

function assertPart(path: string, part: string): void {
  if (part === '' || part === '.' || part === '..') refuseEntry(path, 'has an empty, "." or ".." part');
  if (Buffer.byteLength(part) > MAX_NAME_BYTES)
    refuseEntry(path, `has a part longer than ${MAX_NAME_BYTES} bytes`);
  // Line separators and marks of direction too: with them a name can be shown as another one.
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(part))
    refuseEntry(path, 'contains a NUL or control character');
  // Git reads settings and hooks from there, in any case of letters on some systems.
  if (part.toLowerCase() === '.git') refuseEntry(path, 'lies in a .git folder');
}
