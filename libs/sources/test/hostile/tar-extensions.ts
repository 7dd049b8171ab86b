import { gzipSync } from 'node:zlib';
import { handmadeTar, paxRecords, type HandmadeEntry } from '../handmade-tar';
import {
  globalHeader,
  gnuLong,
  paxHeader,
  tar,
  type HostileArchive,
  type HostileGroup,
} from './hostile-archive';

const FILE = { name: 'f', content: 'x'.repeat(600) };

/** An entry below a PAX header of these very bytes. */
function raw(records: string): Buffer {
  return tar(paxHeader(Buffer.from(records, 'latin1')), FILE);
}

function sized(size: string): Buffer {
  return tar(paxHeader({ size }), FILE);
}

const WRONG_LENGTH = 'a PAX header has a record of a wrong length';
const NO_NUMBER = 'a PAX header has a size that is no number';
const TWO_SIZES = 'claims two sizes for one entry';

const RECORDS: readonly HostileArchive[] = [
  ['no length', () => raw('path=evil\n'), WRONG_LENGTH],
  ['no blank', () => raw('12path=evil\n'), WRONG_LENGTH],
  ['the length 0', () => raw('0 path=evil\n'), WRONG_LENGTH],
  ['a negative length', () => raw('-13 path=evil\n'), WRONG_LENGTH],
  ['a length with a sign', () => raw('+13 path=evil\n'), WRONG_LENGTH],
  ['a hexadecimal length', () => raw('0xd path=evil\n'), WRONG_LENGTH],
  ['a length with a leading zero', () => raw('013 path=evil\n'), WRONG_LENGTH],
  ['a length that is too short', () => raw('9 path=evil\n'), WRONG_LENGTH],
  ['a length that ends before its blank', () => raw('1 path=evil\n'), WRONG_LENGTH],
  ['a length that is too long', () => raw('99 path=evil\n'), WRONG_LENGTH],
  ['a huge length', () => raw(`${'9'.repeat(400)} path=evil\n`), WRONG_LENGTH],
  ['no line end', () => raw('12 path=evil '), WRONG_LENGTH],
  ['zeros behind', () => raw('13 path=evil\n\0\0\0'), WRONG_LENGTH],
  ['no "="', () => raw('12 pathevil\n'), 'a record without a keyword'],
  ['no keyword', () => raw('8 =evil\n'), 'a record without a keyword'],
  ['names in another character set', () => tar(paxHeader({ hdrcharset: 'BINARY' }), FILE), '"hdrcharset"'],
];

const SIZES: readonly HostileArchive[] = [
  ['a negative size', () => sized('-5'), NO_NUMBER],
  ['a hexadecimal size', () => sized('0x258'), NO_NUMBER],
  ['a broken size', () => sized('600.5'), NO_NUMBER],
  ['a size with an exponent', () => sized('6e2'), NO_NUMBER],
  ['a size with a blank', () => sized(' 600'), NO_NUMBER],
  ['no size', () => sized(''), NO_NUMBER],
  ['a size of 400 digits', () => sized('9'.repeat(400)), NO_NUMBER],
  ['the size 0 where the header has one', () => sized('0'), TWO_SIZES],
  ['a smaller size', () => sized('88'), TWO_SIZES],
  ['a larger size', () => sized('1112'), TWO_SIZES],
  ['a size for a header that has none', () => tar(paxHeader({ size: '512' }), { name: 'f' }), TWO_SIZES],
  [
    'two sizes in one header',
    () => tar(paxHeader(Buffer.from(paxRecords({ size: '600' }).repeat(2))), FILE),
    TWO_SIZES,
  ],
  ['a size for all', () => tar(globalHeader({ size: '0' }), FILE), 'sets a size for all its entries'],
];

const TWO_OF_A_KIND = 'two extension headers of one kind';

const NAMES: readonly HostileArchive[] = [
  [
    'two paths in one header',
    () => tar(paxHeader(Buffer.from(paxRecords({ path: 'a' }) + paxRecords({ path: 'b' }))), FILE),
    'names one entry twice',
  ],
  [
    'a PAX path and a GNU name',
    () => tar(paxHeader({ path: 'a' }), gnuLong('L', 'b'), FILE),
    'one entry twice',
  ],
  [
    'a GNU name and a PAX path',
    () => tar(gnuLong('L', 'b'), paxHeader({ path: 'a' }), FILE),
    'one entry twice',
  ],
  ['two PAX headers', () => tar(paxHeader({ path: 'a' }), paxHeader({ path: 'b' }), FILE), TWO_OF_A_KIND],
  ['two GNU names', () => tar(gnuLong('L', 'a'), gnuLong('L', 'b'), FILE), TWO_OF_A_KIND],
  ['two GNU links', () => tar(gnuLong('K', 'a'), gnuLong('K', 'b'), FILE), TWO_OF_A_KIND],
  ['a path for all', () => tar(globalHeader({ path: '../evil' }), FILE), 'sets a path for all its entries'],
  ['an empty PAX path', () => tar(paxHeader({ path: '' }), FILE), 'has no name'],
  ['an empty GNU name', () => tar(gnuLong('L', ''), FILE), 'has no name'],
];

const OVERSIZED = 'an oversized extension header';
const LONG = 'c'.repeat(70_000);

const HEADERS: readonly HostileArchive[] = [
  ['a large PAX header', () => tar(paxHeader({ comment: LONG }), FILE), OVERSIZED],
  ['a large global header', () => tar(globalHeader({ comment: LONG }), FILE), OVERSIZED],
  ['a large GNU name', () => tar(gnuLong('L', LONG), FILE), OVERSIZED],
  ['a large GNU link', () => tar(gnuLong('K', LONG), FILE), OVERSIZED],
  ['a PAX header that claims much', () => tar({ name: 'x', type: 'x', size: 2 ** 33 - 1 }), OVERSIZED],
  [
    'a PAX header that claims more',
    () => tar({ name: 'x', type: 'x', size: `\x80${'\xff'.repeat(11)}` }),
    OVERSIZED,
  ],
  [
    'a PAX header of negative size',
    () => tar({ name: 'x', type: 'x', size: '-0000000001' }, FILE),
    'a size that is no number',
  ],
  ['a PAX header before nothing', () => tarEndingIn(paxHeader({ path: 'evil' })), 'no entry follows'],
  ['a GNU name before nothing', () => tarEndingIn(gnuLong('L', 'evil')), 'no entry follows'],
];

function tarEndingIn(last: HandmadeEntry): Buffer {
  return gzipSync(handmadeTar([FILE, last]));
}

export const TAR_EXTENSION_GROUPS: readonly HostileGroup[] = [
  { of: 'tar with PAX records', code: 'source_invalid', archives: RECORDS },
  { of: 'tar with PAX sizes', code: 'source_invalid', archives: SIZES },
  { of: 'tar with names in extension headers', code: 'source_invalid', archives: NAMES },
  { of: 'tar with extension headers', code: 'source_invalid', archives: HEADERS },
];
