import { posix } from 'node:path';
import {
  SlipwayError,
  isSlipwayError,
  type ContextEntry,
  type FetchedSource,
  type ObjectStore,
} from '@slipway/domain';
import { isArchiveName, readArchive } from '../archive/read-archive';
import { EntryCollector } from '../entry-collector';
import type { SourceLimits } from '../limits';

/** At most so many objects of a folder are read at once. */
const PARALLEL = 8;

export interface ObjectSource {
  bucket: string;
  key: string;
}

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

async function folder(
  objects: ObjectStore,
  { bucket, key }: ObjectSource,
  limits: SourceLimits,
): Promise<ContextEntry[]> {
  const prefix = `${key.replace(/\/$/, '')}/`;
  const listed = await objects.list(bucket, prefix, limits.entries + 1);
  // Consoles of object stores write an empty object per folder.
  const files = listed.filter((info) => !info.key.endsWith('/'));
  if (files.length === 0) throw new SlipwayError('source_missing', `source file not found: ${bucket}/${key}`);
  const collector = new EntryCollector(limits);
  for (const file of files) {
    collector.count();
    collector.admit(file.key.slice(prefix.length), file.size);
  }
  for (let at = 0; at < files.length; at += PARALLEL) {
    const part = files.slice(at, at + PARALLEL);
    const contents = await Promise.all(part.map((file) => objects.get(bucket, file.key, limits.fileBytes)));
    for (const [index, content] of contents.entries()) {
      collector.keep({ path: part[index]!.key.slice(prefix.length), executable: false, content });
    }
  }
  return collector.entries();
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
  return { entries: await folder(objects, source, limits), revision, notes: [] };
}
