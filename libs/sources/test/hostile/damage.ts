import { deflateSync, gzipSync } from 'node:zlib';
import { handmadeTar } from '../handmade-tar';
import { handmadeZip } from '../handmade-zip';
import { tar, zip, type HostileArchive, type HostileGroup } from './hostile-archive';

/** Two blocks of header and data each (0, 512, 1024, 1536), then the two blocks of the end. */
const TAR = handmadeTar([
  { name: 'f', content: 'x'.repeat(300) },
  { name: 'g', content: 'y'.repeat(512) },
]);
const END = 2048;

const TOO_EARLY = 'it ends too early';

const CUT: readonly HostileArchive[] = (
  [
    ['in its first header', 400],
    ['behind its first header', 512],
    ['in content', 700],
    ['in padding', 1000],
    ['between two entries', 1024],
    ['in its second header', 1300],
    ['behind its last entry', END],
    ['in the block that ends it', END + 511],
  ] as const
).flatMap(([where, at]): HostileArchive[] => [
  [where, () => TAR.subarray(0, at), TOO_EARLY],
  [`${where}, and packed`, () => gzipSync(TAR.subarray(0, at)), TOO_EARLY],
]);

const FOLLOWS = 'data follows its end';

const CONTINUED: readonly HostileArchive[] = [
  ['a second tar', () => Buffer.concat([TAR, handmadeTar([{ name: '../evil' }])]), FOLLOWS],
  ['a second tar, packed with it', () => gzipSync(Buffer.concat([TAR, TAR])), FOLLOWS],
  ['a second tar, packed by itself', () => Buffer.concat([gzipSync(TAR), gzipSync(TAR)]), FOLLOWS],
  [
    'a second tar behind one block of the end',
    () => Buffer.concat([TAR.subarray(0, END + 512), handmadeTar([{ name: 'evil' }])]),
    FOLLOWS,
  ],
  ['a single byte', () => Buffer.concat([TAR, Buffer.alloc(5000), Buffer.from('x')]), FOLLOWS],
  ['a script', () => Buffer.concat([TAR, Buffer.from('#!/bin/sh\nevil\n')]), FOLLOWS],
  ['a zip', () => Buffer.concat([TAR, zip({ name: 'evil' })]), FOLLOWS],
];

function gzipWith(change: (bytes: Buffer) => void): Buffer {
  const bytes = gzipSync(TAR);
  change(bytes);
  return bytes;
}

const IS_DAMAGED = 'The archive is damaged: ';

const GZIP: readonly HostileArchive[] = [
  ['nothing but its first bytes', () => Buffer.from([0x1f, 0x8b]), IS_DAMAGED],
  ['half of it', () => gzipSync(TAR).subarray(0, 60), IS_DAMAGED],
  ['no checksum', () => gzipSync(TAR).subarray(0, -8), IS_DAMAGED],
  ['half a length at its end', () => gzipSync(TAR).subarray(0, -2), IS_DAMAGED],
  [
    'a wrong checksum',
    () => gzipWith((bytes) => bytes.writeUInt32LE(1, bytes.length - 8)),
    'incorrect data check',
  ],
  [
    'a wrong length',
    () => gzipWith((bytes) => bytes.writeUInt32LE(1, bytes.length - 4)),
    'incorrect length check',
  ],
  ['an unknown compression', () => gzipWith((bytes) => bytes.writeUInt8(9, 2)), 'unknown compression method'],
  ['reserved flags', () => gzipWith((bytes) => bytes.writeUInt8(0xe0, 3)), 'unknown header flags'],
  ['an invalid block', () => gzipWith((bytes) => bytes.writeUInt8(0xff, 10)), IS_DAMAGED],
  ['text behind it', () => Buffer.concat([gzipSync(TAR), Buffer.from('evil')]), IS_DAMAGED],
  [
    'text behind zeros behind it',
    () => Buffer.concat([gzipSync(TAR), Buffer.alloc(512), Buffer.from('evil')]),
    'data follows the end of its compressed stream',
  ],
  ['a gzip in it', () => gzipSync(tar({ name: 'x', content: Buffer.alloc(600, 'a') })), IS_DAMAGED],
  [
    'a zip in it',
    () => gzipSync(zip({ name: 'x', content: 'y'.repeat(2000), method: 0 })),
    'no known format',
  ],
  ['text in it', () => gzipSync('a'.repeat(2048)), 'no known format'],
  ['little text in it', () => gzipSync('abc'), TOO_EARLY],
  ['nothing in it', () => gzipSync(''), TOO_EARLY],
];

const NEITHER = 'neither a .tar.gz nor a .zip archive';

function begins(...bytes: number[]): () => Buffer {
  return () => Buffer.concat([Buffer.from(bytes), Buffer.alloc(1000)]);
}

const OTHERS: readonly HostileArchive[] = [
  ['nothing at all', () => Buffer.alloc(0), NEITHER],
  ['a script', () => Buffer.from('#!/bin/sh\nevil\n'), NEITHER],
  ['zlib', () => deflateSync(TAR), NEITHER],
  ['bzip2', begins(0x42, 0x5a, 0x68, 0x39), NEITHER],
  ['xz', begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), NEITHER],
  ['Zstandard', begins(0x28, 0xb5, 0x2f, 0xfd), NEITHER],
  ['7-Zip', begins(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), NEITHER],
  ['RAR', begins(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07), NEITHER],
  ['a zip behind a script', () => Buffer.concat([Buffer.from('#!/bin/sh\n'), zip({ name: 'x' })]), NEITHER],
  ['a spanned zip', () => Buffer.concat([Buffer.from('PK\x07\x08'), zip({ name: 'x' })]), NEITHER],
  ['a tar without entries', () => gzipSync(handmadeTar([])), 'The source has no files'],
  [
    'a tar of folders alone',
    () => gzipSync(handmadeTar([{ name: 'a/', type: '5' }])),
    'The source has no files',
  ],
  ['a zip without entries', () => handmadeZip([]), 'The source has no files'],
  ['a zip of folders alone', () => handmadeZip([{ name: 'a/', mode: 0o040755 }]), 'The source has no files'],
];

export const DAMAGE_GROUPS: readonly HostileGroup[] = [
  { of: 'tar that is cut', code: 'source_invalid', archives: CUT },
  { of: 'tar that goes on behind its end', code: 'source_invalid', archives: CONTINUED },
  { of: 'gzip', code: 'source_invalid', archives: GZIP },
  { of: 'file that is no archive, or has nothing in it', code: 'source_invalid', archives: OTHERS },
];
