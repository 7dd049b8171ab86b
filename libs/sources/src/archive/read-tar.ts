import { SlipwayError } from '@slipway/domain';
import { extract, type Header } from 'tar-stream';
import { EntryCollector } from '../entry-collector';
import { refuseEntry } from '../entry-path';
import type { SourceLimits } from '../limits';
import { assertModestExtensions } from './extension-headers';

/** Whether an entry is a file to keep. Folders follow from their files; whatever else there is, is refused. */
function isFile({ name, type }: Header): boolean {
  if (type === 'directory') return false;
  if (type === 'file') return true;
  // The parser gives null for kinds that it does not know, sparse files and multi-volume parts among them.
  const what = type ? `a ${type.replace('-', ' ')}` : 'of an unknown kind';
  return refuseEntry(name, `is ${what}; only regular files are taken`);
}

async function read(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Reads a tar from memory. Headers are only parsed: nothing is written to a disk on the way. */
export async function readTar(tar: Buffer, limits: SourceLimits): Promise<EntryCollector> {
  assertModestExtensions(tar, limits);
  const collector = new EntryCollector(limits);
  const reader = extract();
  reader.end(tar);
  try {
    for await (const stream of reader) {
      collector.count();
      const { header } = stream;
      if (!isFile(header)) {
        stream.resume();
        continue;
      }
      const path = header.name.replace(/^\.\//, '');
      collector.admit(path, header.size ?? 0);
      const content = await read(stream);
      if (content.length !== (header.size ?? 0)) throw new Error(`${JSON.stringify(path)} ends too early`);
      collector.keep({ path, executable: ((header.mode ?? 0) & 0o111) !== 0, content });
    }
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw new SlipwayError('source_invalid', `The archive is damaged: ${(error as Error).message}.`, {
      cause: error,
    });
  } finally {
    reader.destroy();
  }
  return collector;
}
