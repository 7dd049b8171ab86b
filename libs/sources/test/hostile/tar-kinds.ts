import {
  globalHeader,
  gnuLong,
  paxHeader,
  tar,
  type HostileArchive,
  type HostileGroup,
} from './hostile-archive';

const LINKS: readonly HostileArchive[] = [
  ['a symlink', () => tar({ name: 'l', type: '2', linkname: 'other' }), '"l" is a symlink'],
  [
    'a symlink to an absolute path',
    () => tar({ name: 'l', type: '2', linkname: '/etc/passwd' }),
    'a symlink',
  ],
  ['a symlink to a parent folder', () => tar({ name: 'l', type: '2', linkname: '../..' }), 'a symlink'],
  ['a symlink to itself', () => tar({ name: 'l', type: '2', linkname: 'l' }), 'a symlink'],
  [
    'a file through a symlink',
    () => tar({ name: 'd', type: '2', linkname: '/tmp' }, { name: 'd/evil', content: 'x' }),
    '"d" is a symlink',
  ],
  [
    'a file through a chain of symlinks',
    () =>
      tar(
        { name: 'a', type: '2', linkname: '..' },
        { name: 'b', type: '2', linkname: 'a/..' },
        { name: 'b/evil' },
      ),
    '"a" is a symlink',
  ],
  ['a file in the place of a symlink', () => tar({ name: 'l' }, { name: 'l', type: '2' }), 'a symlink'],
  ['a hard link', () => tar({ name: 'l', type: '1', linkname: 'other' }), '"l" is a hard link'],
  ['a hard link to outside', () => tar({ name: 'l', type: '1', linkname: '../../x' }), 'a hard link'],
  [
    'a hard link with content',
    () => tar({ name: 'l', type: '1', linkname: '/etc/passwd', content: 'root::0:0' }),
    'a hard link',
  ],
  [
    'a PAX link target',
    () => tar(paxHeader({ linkpath: '/etc' }), { name: 'l', type: '2' }),
    '"l" is a symlink',
  ],
  [
    'a PAX link target of a file',
    () => tar(paxHeader({ linkpath: '/etc' }), { name: 'f' }),
    'target of a link',
  ],
  ['a PAX link target for all', () => tar(globalHeader({ linkpath: '/etc' })), 'sets a linkpath for all'],
  [
    'a GNU long link',
    () => tar(gnuLong('K', `/${'x'.repeat(200)}`), { name: 'l', type: '2' }),
    '"l" is a symlink',
  ],
  ['a GNU long link of a file', () => tar(gnuLong('K', '/etc'), { name: 'f' }), 'target of a link'],
];

const DEVICES: readonly HostileArchive[] = [
  ['a character device', () => tar({ name: 'd', type: '3' }), 'is a character device'],
  ['a block device', () => tar({ name: 'd', type: '4' }), 'is a block device'],
  ['a fifo', () => tar({ name: 'p', type: '6' }), 'is a fifo'],
  ['a contiguous file', () => tar({ name: 'c', type: '7' }), 'is a contiguous file'],
  ['a part of another volume', () => tar({ name: 'm', type: 'M' }), 'a part of another volume'],
  ['a GNU folder dump', () => tar({ name: 'd', type: 'D' }), 'of an unknown kind'],
  ['a volume label', () => tar({ name: 'v', type: 'V' }), 'of an unknown kind'],
  ['a long name of the old kind', () => tar({ name: 'n', type: 'N' }), 'of an unknown kind'],
  ['a Solaris header', () => tar({ name: 'x', type: 'X' }), 'of an unknown kind'],
  ['a Solaris ACL', () => tar({ name: 'a', type: 'A' }), 'of an unknown kind'],
  ['an unknown letter', () => tar({ name: 'z', type: 'Z' }), 'of an unknown kind'],
  ['a type that is no letter', () => tar({ name: 'z', type: '\u0001' }), 'of an unknown kind'],
];

/** The four ways of tools to say that a file has holes: its content is a list of places, and its name is another one. */
const SPARSE: readonly HostileArchive[] = [
  ['old GNU', () => tar({ name: 's', type: 'S', content: 'x' }), 'is a sparse file'],
  [
    'GNU 0.0',
    () => tar(paxHeader({ 'GNU.sparse.size': '9', 'GNU.sparse.numblocks': '1' }), { name: 's' }),
    '"GNU.sparse.size"',
  ],
  [
    'GNU 0.1',
    () => tar(paxHeader({ 'GNU.sparse.map': '0,1', 'GNU.sparse.size': '1' }), { name: 's', content: 'x' }),
    '"GNU.sparse.map"',
  ],
  [
    'GNU 1.0',
    () =>
      tar(paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': '../evil' }), {
        name: './GNUSparseFile.1/evil',
        content: '1\n0\n1\n',
      }),
    '"GNU.sparse.major"',
  ],
  ['GNU for all', () => tar(globalHeader({ 'GNU.sparse.name': '../evil' })), '"GNU.sparse.name"'],
  ['star', () => tar(paxHeader({ 'SCHILY.realsize': '1000000000000' }), { name: 's' }), '"SCHILY.realsize"'],
  ['star by type', () => tar(paxHeader({ 'SCHILY.filetype': 'sparse' }), { name: 's' }), '"SCHILY.filetype"'],
];

const FOLDERS: readonly HostileArchive[] = [
  ['outside', () => tar({ name: '../evil/', type: '5' }), '"../evil"'],
  ['absolute', () => tar({ name: '/evil/', type: '5' }), 'absolute path'],
  ['called ".."', () => tar({ name: '..', type: '5' }), '"." or ".." part'],
  ['called .git', () => tar({ name: '.git/', type: '5' }), '.git folder'],
  ['with a control character', () => tar({ name: 'a\tb/', type: '5' }), 'control character'],
  ['with content', () => tar({ name: 'd/', type: '5', content: 'x'.repeat(600) }), 'a folder with content'],
  ['with a header as content', () => tar({ name: 'd/', type: '5', size: 512 }), 'a folder with content'],
  ['written as a file', () => tar({ name: 'd/', type: '0' }), 'empty, "." or ".." part'],
];

export const TAR_KIND_GROUPS: readonly HostileGroup[] = [
  { of: 'tar with links', code: 'source_invalid', archives: LINKS },
  { of: 'tar with what is no file', code: 'source_invalid', archives: DEVICES },
  { of: 'tar with sparse files', code: 'source_invalid', archives: SPARSE },
  { of: 'tar with folders', code: 'source_invalid', archives: FOLDERS },
];
