import { gzipSync } from 'node:zlib';
import { isSlipwayError } from '@slipway/domain';
import { handmadeTar, paxRecords, type HandmadeEntry } from '../../test/handmade-tar';
import { handmadeZip, type HandmadeZipEntry } from '../../test/handmade-zip';
import { DEFAULT_LIMITS, type SourceLimits } from '../limits';
import { readArchive } from './read-archive';

const OTHER = { name: 'other' };
const DECOMPOSED = 'ä.js'.normalize('NFD');
const SYMLINK = 0o120777;

async function refusal(bytes: Buffer, limits: Partial<SourceLimits> = {}): Promise<string> {
  const error: unknown = await readArchive(bytes, { ...DEFAULT_LIMITS, ...limits }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isSlipwayError(error) ? `${error.code}: ${error.message}` : String(error);
}

function tar(...entries: HandmadeEntry[]): Buffer {
  return gzipSync(handmadeTar([...entries, OTHER]));
}

function zip(...entries: HandmadeZipEntry[]): Buffer {
  return handmadeZip([...entries, OTHER]);
}

/** An entry under a name that a PAX header gives it. */
function pax(records: Record<string, string>, entry: HandmadeEntry = { name: 'harmless' }): HandmadeEntry[] {
  return [{ name: 'PaxHeader', type: 'x', content: paxRecords(records) }, entry];
}

const TARS: [string, Buffer, string][] = [
  ['a parent folder', tar({ name: '../evil' }), '"../evil"'],
  ['a parent folder inside', tar({ name: 'a/../../evil' }), '"a/../../evil"'],
  ['a lone parent folder', tar({ name: '..' }), '".."'],
  ['a "." part', tar({ name: 'a/./evil' }), '"a/./evil"'],
  ['an empty part', tar({ name: 'a//evil' }), '"a//evil"'],
  ['an absolute path', tar({ name: '/etc/evil' }), 'absolute'],
  ['a drive letter', tar({ name: 'C:/evil' }), 'absolute'],
  ['a backslash', tar({ name: '..\\evil' }), 'backslash'],
  ['a line break', tar({ name: 'a\nb' }), 'control character'],
  ['no name', tar({ name: '' }), 'no name'],
  ['bytes that are no UTF-8', tar({ name: Buffer.from([0x61, 0xff, 0xfe]) }), 'valid Unicode'],
  ['a decomposed name', tar({ name: DECOMPOSED }), 'NFC'],
  ['the same name twice', tar({ name: 'twin' }, { name: 'twin' }), 'twice'],
  ['names that differ in case', tar({ name: 'Readme' }, { name: 'README' }), 'in case alone'],
  ['a file that is a folder too', tar({ name: 'a' }, { name: 'a/b' }), 'below a file'],
  ['a .git folder', tar({ name: '.git/config' }), '.git'],
  ['a .GIT folder inside', tar({ name: 'a/.GIT/hooks/x' }), '.git'],
  ['a symbolic link', tar({ name: 'l', type: '2', linkname: '/etc/passwd' }), 'symlink'],
  ['a hard link', tar({ name: 'l', type: '1', linkname: '../x' }), 'link'],
  ['a character device', tar({ name: 'd', type: '3' }), 'character device'],
  ['a block device', tar({ name: 'd', type: '4' }), 'block device'],
  ['a named pipe', tar({ name: 'p', type: '6' }), 'fifo'],
  ['a contiguous file', tar({ name: 'c', type: '7' }), 'contiguous file'],
  ['a sparse file', tar({ name: 's', type: 'S' }), 'unknown kind'],
  ['a part of a volume', tar({ name: 'm', type: 'M' }), 'unknown kind'],
  ['a PAX path that leads out', tar(...pax({ path: '../evil' })), '"../evil"'],
  ['a PAX path with NUL', tar(...pax({ path: 'a\0b' })), 'NUL'],
  ['a PAX path that is too long', tar(...pax({ path: `${'a/'.repeat(600)}x` })), 'longer than 1024'],
  ['a PAX name that is too long', tar(...pax({ path: 'n'.repeat(256) })), 'longer than 255'],
  ['a PAX link', tar(...pax({ linkpath: '/etc' }, { name: 'l', type: '2' })), 'symlink'],
  [
    'a GNU long name that leads out',
    tar({ name: '', type: 'L', content: '../evil\0' }, { name: 'x' }),
    '"../evil"',
  ],
  ['an oversized PAX header', tar(...pax({ comment: 'c'.repeat(70_000) })), 'oversized extension'],
  [
    'an oversized global header',
    tar({ name: 'g', type: 'g', content: paxRecords({ c: 'c'.repeat(5000) }) }),
    'oversized',
  ],
  ['a negative PAX size', tar(...pax({ size: '-5' })), 'Invalid header'],
  ['a wrong checksum', tar({ name: 'x', damaged: true }), 'damaged'],
  ['what is no tar', gzipSync(Buffer.alloc(2048, 'a')), 'damaged'],
  ['half a gzip', tar({ name: 'x' }).subarray(0, 40), 'damaged'],
  [
    'half a tar',
    gzipSync(handmadeTar([{ name: 'x', content: 'y'.repeat(5000) }]).subarray(0, 2048)),
    'end of data',
  ],
  ['folders only', gzipSync(handmadeTar([{ name: 'a/', type: '5' }])), 'no files'],
  ['a drive letter below the common folder', gzipSync(handmadeTar([{ name: 'top/C:/x' }])), 'absolute'],
];

const ZIPS: [string, Buffer, string][] = [
  ['a parent folder', zip({ name: '../evil' }), '../evil'],
  ['an absolute path', zip({ name: '/etc/evil' }), '/etc/evil'],
  ['a backslash', zip({ name: '..\\evil' }), 'invalid characters in fileName'],
  ['a NUL', zip({ name: 'a\0b' }), 'NUL'],
  ['a symbolic link', zip({ name: 'l', mode: SYMLINK, content: '/etc/passwd' }), 'no regular file'],
  ['the same name twice', zip({ name: 'twin' }, { name: 'twin' }), 'twice'],
  ['names that differ in case', zip({ name: 'a' }, { name: 'A' }), 'in case alone'],
  ['a .git folder', zip({ name: 'a/.git/config' }), '.git'],
  ['an encrypted file', zip({ name: 'x', flags: 0x801 }), 'encrypted'],
  ['a wrong checksum', zip({ name: 'x', content: 'abc', crc: 1 }), 'checksum'],
  ['more bytes than it claims', zip({ name: 'x', content: 'abcdef', size: 2 }), 'too many bytes'],
  ['fewer bytes than it claims', zip({ name: 'x', content: 'ab', size: 9 }), 'not enough bytes'],
  ['an unknown compression', zip({ name: 'x', method: 97 }), 'compression'],
  ['half a zip', zip({ name: 'x' }).subarray(0, 60), 'cannot be read'],
  ['nothing in it', handmadeZip([]), 'no files'],
];

describe('a hostile tar', () => {
  it.each(TARS)('is refused for %s', async (_, bytes, why) => {
    const said = await refusal(bytes);
    expect(said).toMatch(/^source_invalid: /);
    expect(said).toContain(why);
  });
});

describe('a hostile zip', () => {
  it.each(ZIPS)('is refused for %s', async (_, bytes, why) => {
    const said = await refusal(bytes);
    expect(said).toMatch(/^source_invalid: /);
    expect(said).toContain(why);
  });
});

const MIB = 1024 * 1024;

describe('an archive that is too large', () => {
  it.each<[string, () => Buffer, Partial<SourceLimits>]>([
    ['files', () => tar(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}` }))), { entries: 10 }],
    [
      'empty folders',
      () => tar(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}/`, type: '5' }))),
      { entries: 10 },
    ],
    [
      'files in a zip',
      () => zip(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}` }))),
      { entries: 10 },
    ],
    ['bytes in one file', () => tar({ name: 'x', content: Buffer.alloc(2000) }), { fileBytes: 1000 }],
    ['claimed bytes in one file', () => tar({ name: 'x', size: 2 ** 33 - 1 }), {}],
    ['claimed bytes in base 256', () => tar({ name: 'x', size: '\x80\0\0\0\xff\0\0\0\0\0\0\0' }), {}],
    ['bytes claimed by PAX', () => tar(...pax({ size: '99999999999' })), {}],
    [
      'bytes in one file of a zip',
      () => zip({ name: 'x', content: Buffer.alloc(2000) }),
      { fileBytes: 1000 },
    ],
    [
      'bytes in all',
      () => tar(...['x', 'y', 'z'].map((name) => ({ name, content: Buffer.alloc(900) }))),
      { totalBytes: 2000 },
    ],
    [
      'bytes in all of a zip',
      () => zip(...['x', 'y', 'z'].map((name) => ({ name, content: Buffer.alloc(900) }))),
      { totalBytes: 2000 },
    ],
    ['bytes for its size', () => gzipSync(Buffer.alloc(40 * MIB)), {}],
    ['bytes for its size as a zip', () => zip({ name: 'x', content: Buffer.alloc(40 * MIB) }), {}],
  ])('is refused for too many %s', async (_, bytes, limits) => {
    expect(await refusal(bytes(), limits)).toMatch(/^source_too_large: /);
  });

  it('is refused for extension headers alone, before the parser has spent its time on them', async () => {
    const idle = Array.from({ length: 40 }, () => ({
      name: 'h',
      type: 'x',
      content: paxRecords({ a: 'b' }),
    }));
    expect(await refusal(tar(...idle), { entries: 10 })).toContain('too many extension headers');
  });

  it('stops unpacking at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB), { level: 1 });
    const before = process.memoryUsage().rss;
    expect(await refusal(bomb)).toMatch(/^source_too_large: /);
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * MIB);
  });
});

describe('damaged bytes', () => {
  it.each([
    ['tar', handmadeTar([{ name: 'x', content: 'y'.repeat(700) }, OTHER])],
    ['tar.gz', tar({ name: 'x', content: 'y'.repeat(700) })],
    ['zip', zip({ name: 'x', content: 'y'.repeat(700) })],
  ])('of a %s end in files or in a refusal of ours, never in another error', async (_, whole) => {
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 150)) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 0xff;
      expect(await refusal(bytes)).toMatch(/^(undefined|source_invalid: .*|source_too_large: .*)$/s);
    }
  });

  it.each(['', 'PK\x03\x04', '\x1f\x8b', '#!/bin/sh'])('%j is refused as no archive', async (text) => {
    expect(await refusal(Buffer.from(text, 'latin1'))).toMatch(/^source_invalid: /);
  });
});
