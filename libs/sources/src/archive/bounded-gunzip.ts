import { createGunzip } from 'node:zlib';
import { SlipwayError } from '@slipway/domain';
import { unpackedByRatio, type SourceLimits } from '../limits';

const HEADERS_OF_AN_ENTRY = 1536;
const END_OF_ARCHIVE = 10_240;

/** What a tar may have in all: the files, and the headers and padding around them. */
function tarBytes(limits: SourceLimits): number {
  return limits.totalBytes + limits.entries * HEADERS_OF_AN_ENTRY + END_OF_ARCHIVE;
}

/** Unpacks a gzipped tar and stops at the limits while it does so: a bomb never gets into memory. */
export async function boundedGunzip(bytes: Buffer, limits: SourceLimits): Promise<Buffer> {
  const limit = Math.min(tarBytes(limits), unpackedByRatio(bytes.length, limits));
  const gunzip = createGunzip();
  const chunks: Buffer[] = [];
  let size = 0;
  gunzip.end(bytes);
  try {
    for await (const chunk of gunzip) {
      size += (chunk as Buffer).length;
      if (size > limit)
        throw new SlipwayError('source_too_large', `The archive unpacks to more than ${limit} bytes.`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw new SlipwayError('source_invalid', `The archive is damaged: ${(error as Error).message}.`, {
      cause: error,
    });
  } finally {
    gunzip.destroy();
  }
  return Buffer.concat(chunks);
}
