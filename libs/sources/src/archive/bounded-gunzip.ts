import { createGunzip } from 'node:zlib';
import { SlipwayError } from '@slipway/domain';
import { unpackedByRatio, type SourceLimits } from '../limits';
import { damaged } from './refuse-archive';

const CHUNK = 64 * 1024;
const HEADERS_OF_AN_ENTRY = 1536;
const END_OF_ARCHIVE = 10_240;

/** What a tar may have in all: the files, and the headers and padding around them. */
function tarBytes(limits: SourceLimits): number {
  return limits.totalBytes + limits.entries * HEADERS_OF_AN_ENTRY + END_OF_ARCHIVE;
}

/** Zero bytes may fill up the last block of a tape; zlib stops there and leaves them, and what follows them, unread. */
function assertPaddingOnly(rest: Buffer): void {
  if (rest.some((byte) => byte !== 0)) damaged('data follows the end of its compressed stream');
}

/** Unpacks a gzipped tar chunk by chunk and stops at the limits while it does so: a bomb never gets into memory. */
export async function* boundedGunzip(bytes: Buffer, limits: SourceLimits): AsyncGenerator<Buffer> {
  const limit = Math.min(tarBytes(limits), unpackedByRatio(bytes.length, limits));
  const gunzip = createGunzip({ chunkSize: CHUNK });
  let size = 0;
  gunzip.end(bytes);
  try {
    for await (const chunk of gunzip) {
      size += (chunk as Buffer).length;
      if (size > limit)
        throw new SlipwayError('source_too_large', `The archive unpacks to more than ${limit} bytes.`);
      yield chunk as Buffer;
    }
    assertPaddingOnly(bytes.subarray(gunzip.bytesWritten));
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    damaged((error as Error).message, error);
  } finally {
    gunzip.destroy();
  }
}
