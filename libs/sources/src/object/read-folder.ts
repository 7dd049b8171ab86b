import { isDeepStrictEqual } from 'node:util';
import {
  SlipwayError,
  isSlipwayError,
  type ContextEntry,
  type ObjectInfo,
  type ObjectStore,
} from '@slipway/domain';
import { EntryCollector } from '../entry-collector';
import type { SourceLimits } from '../limits';

/** At most so many objects are read at once. */
const PARALLEL = 8;

export interface ObjectSource {
  bucket: string;
  key: string;
}

async function listed(
  objects: ObjectStore,
  { bucket, key }: ObjectSource,
  limits: SourceLimits,
): Promise<ObjectInfo[]> {
  const infos = await objects.list(bucket, folderOf(key), limits.entries + 1);
  // Consoles of object stores write an empty object per folder.
  return infos.filter((info) => !info.key.endsWith('/'));
}

function folderOf(key: string): string {
  return `${key.replace(/\/$/, '')}/`;
}

/** A file that was listed and is gone belongs to a folder that somebody is writing to. */
async function listedFile(
  objects: ObjectStore,
  bucket: string,
  file: ObjectInfo,
  limit: number,
): Promise<Buffer> {
  try {
    return await objects.get(bucket, file.key, limit);
  } catch (error) {
    if (isSlipwayError(error) && error.code === 'source_missing')
      throw changed(`${bucket}/${file.key}`, error);
    throw error;
  }
}

function changed(name: string, cause?: unknown): SlipwayError {
  return new SlipwayError('source_changed', `${name} changed while it was read.`, { cause });
}

/** Reads all that lies below the key, and fails with `source_changed` where somebody wrote to it meanwhile. */
export async function readFolder(
  objects: ObjectStore,
  source: ObjectSource,
  limits: SourceLimits,
): Promise<ContextEntry[]> {
  const name = `${source.bucket}/${source.key}`;
  const deadline = AbortSignal.timeout(limits.fetchMs);
  const files = await listed(objects, source, limits);
  if (files.length === 0) throw new SlipwayError('source_missing', `source file not found: ${name}`);
  const prefix = folderOf(source.key);
  const collector = new EntryCollector(limits);
  for (const file of files) {
    collector.count();
    collector.admit(file.key.slice(prefix.length), file.size);
  }
  for (let at = 0; at < files.length; at += PARALLEL) {
    if (deadline.aborted) {
      throw new SlipwayError(
        'source_timeout',
        `Only ${at} of ${files.length} files of ${name} came in time.`,
      );
    }
    const part = files.slice(at, at + PARALLEL);
    const contents = await Promise.all(
      part.map((file) => listedFile(objects, source.bucket, file, limits.fileBytes)),
    );
    for (const [index, content] of contents.entries()) {
      collector.keep({ path: part[index]!.key.slice(prefix.length), executable: false, content });
    }
  }
  // Each file is whole, but only a folder that nobody wrote to meanwhile was ever there as it was read.
  const after = await listed(objects, source, limits);
  if (!isDeepStrictEqual(after, files)) throw changed(name);
  return collector.entries();
}
