import { gnuLong, paxHeader, tar, zip, type HostileArchive, type HostileGroup } from './hostile-archive';

type HostileName = readonly [what: string, name: string | Buffer, words: string, wordsOfZipReader?: string];

const RELATIVE = 'invalid relative path';
const ABSOLUTE = 'absolute path';
const CHARACTERS = 'invalid characters in fileName';

/** Names that lead out of the folder, or mean different files to different machines. */
const NAMES: readonly HostileName[] = [
  ['a parent folder', '../evil', '"../evil" has an empty, "." or ".." part', RELATIVE],
  ['many parent folders', `${'../'.repeat(20)}etc/passwd`, '"." or ".." part', RELATIVE],
  ['a parent folder inside', 'a/../../evil', '"a/../../evil"', RELATIVE],
  ['a parent folder that leads nowhere', 'a/b/../c', '"." or ".." part', RELATIVE],
  ['a parent folder behind "./"', './../evil', '"." or ".." part', RELATIVE],
  ['a parent folder at the end', 'a/..', '"." or ".." part', RELATIVE],
  ['a lone parent folder', '..', '"." or ".." part', RELATIVE],
  ['a lone "."', '.', '"." or ".." part'],
  ['a "." part', 'a/./evil', '"a/./evil"'],
  ['an empty part', 'a//evil', '"a//evil"'],
  ['dots and empty parts', '....//....//evil', 'empty, "." or ".." part'],
  ['an absolute path', '/etc/evil', 'is an absolute path', ABSOLUTE],
  ['two slashes', '//server/share', 'is an absolute path', ABSOLUTE],
  ['an absolute path behind "./"', './/etc/evil', 'is an absolute path', 'empty, "." or ".." part'],
  ['a drive letter', 'C:/evil', 'is an absolute path', ABSOLUTE],
  ['a drive letter without a slash', 'c:evil', 'is an absolute path', ABSOLUTE],
  ['a backslash', '..\\evil', 'contains a backslash', CHARACTERS],
  ['a backslash inside', 'a\\..\\..\\evil', 'contains a backslash', CHARACTERS],
  ['a network share', '\\\\server\\share\\evil', 'contains a backslash', CHARACTERS],
  ['a drive letter and backslashes', 'C:\\evil', 'contains a backslash', CHARACTERS],
  ['a line break', 'a\nb', 'control character'],
  ['a carriage return', 'a\rb', 'control character'],
  ['a terminal sequence', 'a\u001b[2Jb', 'control character'],
  ['a backspace', 'evil\b\b\b\bgood', 'control character'],
  ['a DEL', 'a\u007fb', 'control character'],
  ['a C1 control character', 'a\u009bb', 'control character'],
  ['a line separator', 'a\u2028b', 'control character'],
  ['a mark that turns the direction round', 'a\u202esj.exe', 'control character'],
  ['an isolate that hides a part', 'a\u2066b\u2069', 'control character'],
  ['a decomposed name', 'a\u0308.js', 'not in Unicode form NFC'],
  ['decomposed Hangul', '\u1112\u1161\u11ab', 'not in Unicode form NFC'],
  ['a compatibility double (angstrom sign)', '\u212b', 'not in Unicode form NFC'],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe]), 'not valid Unicode'],
  ['overlong dots', Buffer.from([0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x65]), 'not valid Unicode'],
  ['an encoded surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'not valid Unicode'],
  ['the sign for what could not be decoded', 'a\ufffd', 'not valid Unicode'],
  ['a .git folder', '.git/config', 'lies in a .git folder'],
  ['a .GIT folder inside', 'a/.GIT/hooks/post-checkout', 'lies in a .git folder'],
  ['a .git file', '.git', 'lies in a .git folder'],
];

/** Names that no header field of 100 bytes holds, or that end there at their NUL. */
const LONG_NAMES: readonly HostileName[] = [
  ['a NUL', 'a\0b', 'control character'],
  ['a NUL before an ending', 'evil.sh\0.txt', 'control character'],
  ['a path that is too long', `${'a/'.repeat(600)}x`, 'longer than 1024 bytes'],
  ['a name that is too long', 'n'.repeat(256), 'longer than 255 bytes'],
  ['a name that is too long in bytes alone', 'ä'.repeat(128), 'longer than 255 bytes'],
  ['a parent folder far behind', `${'a/'.repeat(100)}../evil`, '"." or ".." part', RELATIVE],
];

function asHeader([what, name, words]: HostileName): HostileArchive {
  return [what, () => tar({ name }), words];
}

function asPax([what, name, words]: HostileName): HostileArchive {
  return [what, () => tar(paxHeader(rawPath(name)), { name: 'harmless' }), words];
}

/** A PAX path of any bytes; their number stands before them. */
function rawPath(name: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(' path='), Buffer.from(name), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function asGnu([what, name, words]: HostileName): HostileArchive {
  return [what, () => tar(gnuLong('L', name), { name: 'harmless' }), words];
}

function asZip([what, name, words, wordsOfZipReader = words]: HostileName): HostileArchive {
  return [what, () => zip({ name }), wordsOfZipReader];
}

const ALL = [...NAMES, ...LONG_NAMES];

export const NAME_GROUPS: readonly HostileGroup[] = [
  { of: 'tar, in its header', code: 'source_invalid', archives: NAMES.map(asHeader) },
  { of: 'tar, in a PAX path', code: 'source_invalid', archives: ALL.map(asPax) },
  { of: 'tar, in a GNU long name', code: 'source_invalid', archives: ALL.map(asGnu) },
  { of: 'zip, in a name', code: 'source_invalid', archives: ALL.map(asZip) },
];
