import { deflateRawSync } from 'node:zlib';
import { handmadeZip, zip64Records, type HandmadeZipEnd, type HandmadeZipEntry } from '../handmade-zip';
import { zip, type HostileArchive, type HostileGroup } from './hostile-archive';

const TWO_WAYS = 'describes "x" in two ways that differ';
const FILE: HandmadeZipEntry = { name: 'x', content: 'content' };

function localSays(local: HandmadeZipEntry['local']): () => Buffer {
  return () => zip({ ...FILE, local });
}

const LOCAL_HEADERS: readonly HostileArchive[] = [
  ['another name', localSays({ name: '../evil' }), TWO_WAYS],
  ['another case', localSays({ name: 'X' }), TWO_WAYS],
  ['a name with a NUL', localSays({ name: 'x\0' }), TWO_WAYS],
  ['another compression', localSays({ method: 0 }), TWO_WAYS],
  ['another checksum', localSays({ crc: 1 }), TWO_WAYS],
  ['another size', localSays({ size: 1 }), TWO_WAYS],
  ['another packed size', localSays({ packedSize: 1 }), TWO_WAYS],
];

const SIZES: readonly HostileArchive[] = [
  ['a wrong checksum', () => zip({ ...FILE, crc: 1 }), 'its checksum differs'],
  ['more bytes than it claims', () => zip({ ...FILE, size: 2 }), 'too many bytes'],
  ['fewer bytes than it claims', () => zip({ ...FILE, size: 9 }), 'not enough bytes'],
  [
    'more stored bytes than it claims',
    () => zip({ ...FILE, method: 0, size: 2 }),
    'mismatch for stored file',
  ],
  ['packed bytes that are cut', () => zip({ ...FILE, packedSize: 3 }), 'cannot be read'],
  ['packed bytes beyond the end', () => zip({ ...FILE, packedSize: 100_000 }), 'overflows file bounds'],
  [
    'packed bytes that run into the next entry',
    () => zip({ ...FILE, packedSize: 20 }),
    'entries that overlap',
  ],
  ['packed bytes that are none', () => zip({ ...FILE, packed: Buffer.alloc(9, 0xff) }), 'cannot be read'],
  ['no packed bytes', () => zip({ ...FILE, packed: Buffer.alloc(0) }), 'cannot be read'],
];

/** The local header and data of this entry, as they would lie in a zip. */
function localPart(entry: HandmadeZipEntry): Buffer {
  const alone = handmadeZip([entry]);
  return alone.subarray(0, alone.indexOf('PK\x01\x02', 0, 'latin1'));
}

/** The kernel of a bomb in the way of D. Fifield: what one entry holds is another entry. */
function quoted(): Buffer {
  const inner = { name: 'inner', content: 'x'.repeat(100) };
  const outer = { name: 'outer', method: 0, content: localPart(inner) };
  return handmadeZip([outer, { ...inner, offset: 30 + outer.name.length }]);
}

const PLACES: readonly HostileArchive[] = [
  ['an entry in another one', quoted, 'has entries that overlap'],
  [
    'two entries in one place',
    () => zip({ name: 'a' }, { name: 'b', offset: 0 }),
    'describes "b" in two ways',
  ],
  ['one entry listed twice', () => zip(FILE, { ...FILE, offset: 0 }), 'stands there twice'],
  ['a place beyond the end', () => zip({ ...FILE, offset: 0xfffffff0 }), 'cannot be read'],
  ['a place behind the last header', () => zip({ ...FILE, offset: 180 }), 'cannot be read'],
  ['a place in content', () => zip({ ...FILE, offset: 35 }), 'invalid local file header signature'],
  ['data before it that all places know', prefixed, 'has data before its first entry'],
];

/** A hidden entry before all others, and every place told as it then is. */
function prefixed(): Buffer {
  const hidden = localPart({ name: 'evil', content: 'hidden' });
  const file = localPart(FILE);
  const archive = handmadeZip([{ ...FILE, offset: hidden.length }], { offset: hidden.length + file.length });
  return Buffer.concat([hidden, archive]);
}

const NOT_BEFORE_THE_END = 'a directory that does not end where its end record begins';

function endSays(end: HandmadeZipEnd): () => Buffer {
  return () => handmadeZip([FILE, { name: 'y' }], end);
}

function zip64Says(told: Partial<Parameters<typeof zip64Records>[0]>): () => Buffer {
  return endSays({
    before: (offset, size) => zip64Records({ entries: 2, size, offset, at: offset + size, ...told }),
  });
}

const ENDS: readonly HostileArchive[] = [
  ['fewer entries than there are', endSays({ entries: 1 }), 'a directory of another size than it claims'],
  ['no entries where there are two', endSays({ entries: 0 }), 'a directory of another size than it claims'],
  ['more entries than there are', endSays({ entries: 3 }), 'cannot be read'],
  ['a smaller directory', endSays({ size: 46 }), NOT_BEFORE_THE_END],
  ['a larger directory', endSays({ size: 1000 }), NOT_BEFORE_THE_END],
  ['a directory at the start', endSays({ offset: 0 }), NOT_BEFORE_THE_END],
  ['a directory beyond the end', endSays({ offset: 0xfffffff0 }), NOT_BEFORE_THE_END],
  ['another disk', endSays({ disk: 1 }), 'multi-disk zip files are not supported'],
  ['a longer comment', endSays({ comment: 'hi', commentLength: 9 }), 'Invalid comment length'],
  ['a shorter comment', endSays({ comment: 'hello', commentLength: 2 }), 'Invalid comment length'],
  ['a second end in its comment', endSays({ comment: handmadeZip([]) }), NOT_BEFORE_THE_END],
  ['data between directory and end', endSays({ before: () => Buffer.from('evil') }), NOT_BEFORE_THE_END],
  ['data behind its end', () => Buffer.concat([zip(FILE), Buffer.from('evil')]), 'Invalid comment length'],
  ['a second zip behind its end', () => Buffer.concat([zip(FILE), zip(FILE)]), NOT_BEFORE_THE_END],
  ['another number of entries in zip64', zip64Says({ entries: 1 }), 'two end records that differ'],
  ['another size in zip64', zip64Says({ size: 1 }), 'two end records that differ'],
  ['another place in zip64', zip64Says({ offset: 0 }), 'two end records that differ'],
  ['another disk in zip64', zip64Says({ disk: 7 }), 'multi-disk zip files are not supported'],
  ['zip64 records at another place', zip64Says({ at: 0 }), 'invalid zip64 end of central directory'],
  ['zip64 records beyond the end', zip64Says({ at: 2 ** 40 }), 'cannot be read'],
  ['half of it', () => zip(FILE).subarray(0, 60), 'End of central directory record signature not found'],
  ['no end', () => zip(FILE).subarray(0, -22), 'End of central directory record signature not found'],
  [
    'deflated data alone',
    () => Buffer.concat([Buffer.from('PK\x03\x04'), deflateRawSync('x')]),
    'cannot be read',
  ],
];

export const ZIP_LIE_GROUPS: readonly HostileGroup[] = [
  { of: 'zip whose local header says', code: 'source_invalid', archives: LOCAL_HEADERS },
  { of: 'zip whose entry has', code: 'source_invalid', archives: SIZES },
  { of: 'zip with', code: 'source_invalid', archives: PLACES },
  { of: 'zip whose end says', code: 'source_invalid', archives: ENDS },
];
