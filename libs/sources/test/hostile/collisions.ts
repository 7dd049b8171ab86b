import { gzipSync } from 'node:zlib';
import { handmadeTar } from '../handmade-tar';
import { handmadeZip } from '../handmade-zip';
import { gnuLong, paxHeader, tar, zip, type HostileArchive, type HostileGroup } from './hostile-archive';

/** Pairs of names that one folder cannot hold, or not on every machine. */
const PAIRS: readonly (readonly [what: string, one: string, other: string, words: string])[] = [
  ['the same name', 'twin', 'twin', 'stands there twice'],
  ['the same name in a folder', 'a/twin', 'a/twin', 'stands there twice'],
  ['names that differ in case', 'Readme', 'README', 'in case alone'],
  ['foreign names that differ in case', 'Ä', 'ä', 'in case alone'],
  ['the Kelvin sign beside its letter', 'k', '\u212a', 'NFC'],
  ['files in folders that differ in case', 'Lib/a', 'lib/b', 'in case alone'],
  ['files in folders far above that differ in case', 'a/Lib/x/1', 'a/lib/y/2', 'in case alone'],
  ['a file that is a folder too', 'a', 'a/b', 'lies below a file'],
  ['a folder that is a file too', 'a/b/c', 'a', 'lies below a file'],
  ['a file that is a folder in other case', 'A', 'a/b', 'lies below a file'],
  ['a file far above', 'a/b', 'a/b/c/d/e', 'lies below a file'],
];

function inTar([what, one, other, words]: (typeof PAIRS)[number]): HostileArchive {
  return [what, () => tar({ name: one }, { name: 'a-between' }, { name: other }), words];
}

function inZip([what, one, other, words]: (typeof PAIRS)[number]): HostileArchive {
  return [what, () => zip({ name: one }, { name: 'a-between' }, { name: other }), words];
}

const HIDDEN: readonly HostileArchive[] = [
  ['the same name behind "./"', () => tar({ name: 'twin' }, { name: './twin' }), 'stands there twice'],
  ['the same name by PAX', () => tar({ name: 'twin' }, paxHeader({ path: 'twin' }), { name: 'x' }), 'twice'],
  ['the same name by GNU tar', () => tar({ name: 'twin' }, gnuLong('L', 'twin'), { name: 'x' }), 'twice'],
  ['the same name by prefix', () => tar({ name: 'a/twin' }, { name: 'twin', prefix: 'a' }), 'twice'],
  ['a prefix that leads out', () => tar({ name: 'evil', prefix: '..' }), '"../evil"'],
  ['a prefix that is absolute', () => tar({ name: 'evil', prefix: '/etc' }), '"/etc/evil"'],
  [
    'a drive letter below the top folder',
    () => gzipSync(handmadeTar([{ name: 'top/C:/x' }])),
    'absolute path',
  ],
  [
    'a drive letter below the top folder of a zip',
    () => handmadeZip([{ name: 'top/C:/x' }]),
    'absolute path',
  ],
];

export const COLLISION_GROUPS: readonly HostileGroup[] = [
  { of: 'tar with two names', code: 'source_invalid', archives: PAIRS.map(inTar) },
  { of: 'zip with two names', code: 'source_invalid', archives: PAIRS.map(inZip) },
  { of: 'name put together from parts', code: 'source_invalid', archives: HIDDEN },
];
