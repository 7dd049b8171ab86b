import { posix } from 'node:path';
import { isSlipwayError, type FetchedSource, type ObjectStore } from '@slipway/domain';
import { isArchiveName, readArchive } from '../archive/read-archive';
import { EntryCollector } from '../entry-collector';
import type { SourceLimits } from '../limits';
import { readFolder, type ObjectSource } from './read-folder';

type Read = Pick<FetchedSource, 'entries' | 'notes'>;

async function found(
  objects: ObjectStore,
  { bucket, key }: ObjectSource,
  limit: number,
): Promise<Buffer | undefined> {
  if (key.endsWith('/')) return undefined;
  try {
    return await objects.get(bucket, key, limit);
  } catch (error) {
    // Missing as an object it may still be a folder.
    if (isSlipwayError(error) && error.code === 'source_missing') return undefined;
    throw error;
  }
}

async function single(
  objects: ObjectStore,
  source: ObjectSource,
  limits: SourceLimits,
): Promise<Read | undefined> {
  const bytes = await found(objects, source, limits.totalBytes);
  if (bytes === undefined) return undefined;
  if (isArchiveName(source.key)) return { entries: await readArchive(bytes, limits), notes: [] };
  const collector = new EntryCollector(limits);
  const path = posix.basename(source.key);
  collector.admit(path, bytes.length);
  collector.keep({ path, executable: false, content: bytes });
  const unnamed = posix.extname(path) === '';
  // Whoever plans the build knows the runtime, and with it the name that the file needs.
  const notes = unnamed
    ? [`The source is the single object "${path}"; its name says nothing about the language.`]
    : [];
  return { entries: collector.entries(), notes };
}

/** Reads one object, an archive by its name, or all that lies below the key. */
export async function readObject(
  objects: ObjectStore,
  source: ObjectSource,
  limits: SourceLimits,
): Promise<FetchedSource> {
  const revision = `${source.bucket}/${source.key}`;
  const one = await single(objects, source, limits);
  if (one) return { ...one, revision };
  return { entries: await readFolder(objects, source, limits), revision, notes: [] };
}
