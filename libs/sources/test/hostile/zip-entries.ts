import { crc32 } from 'node:zlib';
import { zip, type HostileArchive, type HostileGroup } from './hostile-archive';

const NO_FILE = 'is no regular file';

const MODES: readonly HostileArchive[] = [
  ['a symlink', () => zip({ name: 'l', mode: 0o120777, content: '/etc/passwd' }), NO_FILE],
  [
    'a file through a symlink',
    () => zip({ name: 'd', mode: 0o120777, content: '/tmp' }, { name: 'd/evil' }),
    `"d" ${NO_FILE}`,
  ],
  ['a symlink of macOS', () => zip({ name: 'l', mode: 0o120777, madeBy: 19, content: '..' }), NO_FILE],
  ['a symlink that claims to be of DOS', () => zip({ name: 'l', mode: 0o120777, madeBy: 0 }), NO_FILE],
  ['a symlink called as a folder', () => zip({ name: 'l/', mode: 0o120777 }), NO_FILE],
  ['a character device', () => zip({ name: 'd', mode: 0o020666 }), NO_FILE],
  ['a block device', () => zip({ name: 'd', mode: 0o060666 }), NO_FILE],
  ['a fifo', () => zip({ name: 'p', mode: 0o010666 }), NO_FILE],
  ['a socket', () => zip({ name: 's', mode: 0o140666 }), NO_FILE],
  ['an unknown kind', () => zip({ name: 'z', mode: 0o150666 }), NO_FILE],
  ['a folder called as a file', () => zip({ name: 'd', mode: 0o040755 }), NO_FILE],
  ['a file called as a folder', () => zip({ name: 'd/', mode: 0o100644 }), NO_FILE],
  ['a folder with content', () => zip({ name: 'd/', mode: 0o040755, content: 'x' }), 'a folder with content'],
  ['a folder in .git', () => zip({ name: '.git/hooks/', mode: 0o040755 }), '.git folder'],
  ['a folder with an empty part', () => zip({ name: 'a//', mode: 0o040755 }), 'empty, "." or ".." part'],
];

const UNKNOWN: readonly HostileArchive[] = (
  [
    ['shrinking', 1],
    ['reducing', 2],
    ['imploding', 6],
    ['Deflate64', 9],
    ['bzip2', 12],
    ['LZMA', 14],
    ['Zstandard', 93],
    ['xz', 95],
    ['JPEG', 96],
    ['PPMd', 98],
    ['AES', 99],
    ['an unknown method', 65_535],
  ] as const
).map(([what, method]) => [
  what,
  () => zip({ name: 'x', method }),
  `unsupported compression method: ${method}`,
]);

const ENCRYPTED: readonly HostileArchive[] = [
  ['an encrypted file', () => zip({ name: 'x', flags: 0x801 }), 'is encrypted'],
  [
    'an encrypted stored file',
    () => zip({ name: 'x', flags: 0x801, method: 0, packed: Buffer.alloc(12), packedSize: 12 }),
    'is encrypted',
  ],
  ['a strongly encrypted file', () => zip({ name: 'x', flags: 0x841 }), 'strong encryption is not supported'],
];

/** The alternative name of Info-ZIP: version, checksum of the name in the header, name. */
function unicodePath(header: string, name: string): Buffer {
  const extra = Buffer.alloc(9);
  extra.writeUInt16LE(0x7075, 0);
  extra.writeUInt16LE(5 + Buffer.byteLength(name), 2);
  extra.writeUInt8(1, 4);
  extra.writeUInt32LE(crc32(header), 5);
  return Buffer.concat([extra, Buffer.from(name)]);
}

function zip64Extra(...numbers: bigint[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  numbers.forEach((number, n) => extra.writeBigUInt64LE(number, 4 + 8 * n));
  return extra;
}

const FULL = 0xffffffff;

const EXTRAS: readonly HostileArchive[] = [
  [
    'a second name that leads out',
    () => zip({ name: 'good', flags: 0, extra: unicodePath('good', '../evil') }),
    'invalid relative path: ../evil',
  ],
  [
    'a second name that is absolute',
    () => zip({ name: 'good', flags: 0, extra: unicodePath('good', '/etc/evil') }),
    'absolute path: /etc/evil',
  ],
  [
    'a second name that stands there already',
    () => zip({ name: 'one' }, { name: 'two', flags: 0, extra: unicodePath('two', 'one') }),
    'stands there twice',
  ],
  [
    'a field longer than all fields',
    () => zip({ name: 'x', extra: Buffer.from([1, 0, 99, 0]) }),
    'extra field length',
  ],
  [
    'a missing zip64 size',
    () => zip({ name: 'x', size: FULL, extra: zip64Extra() }),
    'zip64 extended information',
  ],
  ['a missing zip64 field', () => zip({ name: 'x', packedSize: FULL }), 'file data overflows file bounds'],
  [
    'a missing zip64 place',
    () => zip({ name: 'x', offset: FULL, extra: zip64Extra() }),
    'does not include relative header offset',
  ],
  [
    'a zip64 place beyond the end',
    () => zip({ name: 'x', offset: FULL, extra: zip64Extra(1n << 40n) }),
    'cannot be read',
  ],
  [
    'a zip64 place beyond all numbers',
    () => zip({ name: 'x', offset: FULL, extra: zip64Extra((1n << 64n) - 1n) }),
    'cannot be read',
  ],
  [
    'a zip64 length beyond the end',
    () => zip({ name: 'x', packedSize: FULL, extra: zip64Extra(1n << 50n) }),
    'file data overflows file bounds',
  ],
];

export const ZIP_ENTRY_GROUPS: readonly HostileGroup[] = [
  { of: 'zip with modes', code: 'source_invalid', archives: MODES },
  { of: 'zip with compression by', code: 'source_invalid', archives: UNKNOWN },
  { of: 'zip with encryption', code: 'source_invalid', archives: ENCRYPTED },
  { of: 'zip with extra fields', code: 'source_invalid', archives: EXTRAS },
];
