import { gzipSync } from 'node:zlib';
import { handmadeTar, type HandmadeEntry } from '../handmade-tar';
import { handmadeZip } from '../handmade-zip';
import { globalHeader, paxHeader, tar, zip, type HostileArchive, type HostileGroup } from './hostile-archive';

const MIB = 1024 * 1024;
const UNPACKS = 'The archive unpacks to more than';

/** A gzip of a tar without its end, to be followed by more of the kind: a gzip may have many members. */
function member(...entries: HandmadeEntry[]): Buffer {
  return gzipSync(handmadeTar(entries).subarray(0, -1024), { level: 1 });
}

/** A thousand entries a thousand times: 1.0 GB as a tar, less than 10 MB as it is sent. */
function million(entry: (n: number) => HandmadeEntry): Buffer {
  const thousand = member(...Array.from({ length: 1000 }, (_, n) => entry(n)));
  return Buffer.concat(Array.from({ length: 1000 }, () => thousand));
}

const GZIP: readonly HostileArchive[] = [
  ['zeros', () => gzipSync(Buffer.alloc(40 * MIB), { level: 1 }), UNPACKS],
  [
    'zeros in a hundred members',
    () => Buffer.concat(Array.from({ length: 100 }, () => gzipSync(Buffer.alloc(MIB)))),
    UNPACKS,
  ],
  ['a large file of zeros', () => tar({ name: 'zeros', content: Buffer.alloc(45 * MIB) }), UNPACKS],
  [
    'files of zeros',
    () => tar(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}`, content: Buffer.alloc(MIB) }))),
    UNPACKS,
  ],
  [
    'zeros behind its end',
    () => gzipSync(Buffer.concat([handmadeTar([{ name: 'x' }]), Buffer.alloc(40 * MIB)])),
    UNPACKS,
  ],
];

const COUNTS: readonly HostileArchive[] = [
  ['a million files', () => million((n) => ({ name: `f${n}/${n}` })), 'stands there twice'],
];

const ENTRIES: readonly HostileArchive[] = [
  ['a million folders', () => million((n) => ({ name: `f${n}/`, type: '5' })), 'more than 10000 entries'],
  [
    'a million global headers',
    () => million(() => globalHeader({ comment: 'x' })),
    'more than 10000 entries',
  ],
  [
    'one file too many',
    () => tar(...Array.from({ length: 10_000 }, (_, n) => ({ name: `f${n}` }))),
    'more than 10000 entries',
  ],
  [
    'one file too many of a zip',
    () => zip(...Array.from({ length: 10_000 }, (_, n) => ({ name: `f${n}` }))),
    'more than 10000 entries',
  ],
  [
    'one folder too many of a zip',
    () => zip(...Array.from({ length: 10_000 }, (_, n) => ({ name: `f${n}/`, mode: 0o040755 }))),
    'more than 10000 entries',
  ],
  [
    'files below a smaller limit',
    () => tar(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}` }))),
    'more than 10 entries',
    { entries: 10 },
  ],
];

const THREE = ['x', 'y', 'z'].map((name) => ({ name, content: Buffer.alloc(900) }));

const BYTES: readonly HostileArchive[] = [
  [
    'in one file',
    () => tar({ name: 'x', content: Buffer.alloc(2000) }),
    '"x" has 2000 bytes',
    { fileBytes: 1000 },
  ],
  [
    'in one file of a zip',
    () => zip({ name: 'x', content: Buffer.alloc(2000) }),
    '"x" has 2000 bytes',
    { fileBytes: 1000 },
  ],
  ['in all', () => tar(...THREE), 'more than 2000 bytes', { totalBytes: 2000 }],
  ['in all of a zip', () => zip(...THREE), 'more than 2000 bytes', { totalBytes: 2000 }],
  [
    'claimed by PAX',
    () => tar(paxHeader({ size: '99999999999' }), { name: 'x' }),
    '99999999999 bytes; at most',
  ],
  [
    'for the size of a zip',
    () => zip({ name: 'x', content: Buffer.alloc(40 * MIB) }),
    'more than 16777216 bytes',
  ],
  [
    'for the size of a zip of many files',
    () => zip(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}`, content: Buffer.alloc(MIB) }))),
    'more than 16777216 bytes',
  ],
  ['claimed by a zip', () => zip({ name: 'x', size: 0xfffffffe }), '4294967294 bytes; at most'],
  ['claimed by a zip without a zip64 field', () => zip({ name: 'x', size: 0xffffffff }), '4294967295 bytes'],
];

/** A thousand entries that all unpack the same bytes, which only the first of them holds. */
function sharedKernel(): Buffer {
  const kernel = { name: 'kernel', content: Buffer.alloc(MIB) };
  return handmadeZip([
    kernel,
    ...Array.from({ length: 999 }, () => ({ ...kernel, packed: Buffer.alloc(0), offset: 0 })),
  ]);
}

const SHARED: readonly HostileArchive[] = [
  ['a thousand times in a zip', sharedKernel, 'describes "kernel" in two ways that differ'],
  [
    'a million times by PAX headers without entries',
    () => million(() => paxHeader({ comment: 'x' })),
    'two extension headers of one kind',
  ],
];

export const BOMB_GROUPS: readonly HostileGroup[] = [
  { of: 'gzip bomb of', code: 'source_too_large', archives: GZIP },
  { of: 'archive of', code: 'source_invalid', archives: COUNTS },
  { of: 'archive with too many entries:', code: 'source_too_large', archives: ENTRIES },
  { of: 'archive with too many bytes', code: 'source_too_large', archives: BYTES },
  { of: 'bomb of one thing', code: 'source_invalid', archives: SHARED },
];
