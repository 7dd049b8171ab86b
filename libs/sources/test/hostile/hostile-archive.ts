import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '@slipway/domain';
import type { SourceLimits } from '../../src/limits';
import { handmadeTar, paxRecords, type HandmadeEntry } from '../handmade-tar';
import { handmadeZip, type HandmadeZipEntry } from '../handmade-zip';

/** One archive that nobody should get anything out of, and the words that its refusal must contain. */
export type HostileArchive = readonly [
  what: string,
  archive: () => Buffer,
  words: string,
  limits?: Partial<SourceLimits>,
];

/** Archives of one kind, all refused with the same code. */
export interface HostileGroup {
  of: string;
  code: ErrorCode;
  archives: readonly HostileArchive[];
}

/** A harmless second file: it keeps the one under test from lying in a "common top folder", which is taken away. */
const OTHER = { name: 'other' };

export function tar(...entries: HandmadeEntry[]): Buffer {
  return gzipSync(handmadeTar([...entries, OTHER]), { level: 1 });
}

export function zip(...entries: HandmadeZipEntry[]): Buffer {
  return handmadeZip([...entries, OTHER]);
}

/** A PAX header of these records. */
export function paxHeader(records: Readonly<Record<string, string>> | Buffer): HandmadeEntry {
  const content = Buffer.isBuffer(records) ? records : paxRecords(records);
  return { name: 'PaxHeader', type: 'x', content };
}

export function globalHeader(records: Readonly<Record<string, string>>): HandmadeEntry {
  return { ...paxHeader(records), type: 'g' };
}

/** GNU tar's way to give the next entry a long name (`L`) or a long link target (`K`). */
export function gnuLong(type: 'L' | 'K', name: string | Buffer): HandmadeEntry {
  return { name: '././@LongLink', type, content: Buffer.concat([Buffer.from(name), Buffer.alloc(1)]) };
}
