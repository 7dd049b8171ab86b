import { EntryCollector } from '../entry-collector';
import { assertEntryPath, refuseEntry } from '../entry-path';
import type { SourceLimits } from '../limits';
import { ByteSource } from './byte-source';
import { assertModestExtension, Extensions, isExtension } from './extension-headers';
import { damaged } from './refuse-archive';
import { BLOCK, parseTarHeader, type TarHeader } from './tar-header';

const PADDING = Buffer.alloc(64 * 1024);

const FILE = '0';
const FOLDER = '5';

/** What else there is, by type flag, for the message. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symlink',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a fifo',
  '7': 'a contiguous file',
  S: 'a sparse file',
  M: 'a part of another volume',
};

async function takeAll(source: ByteSource, size: number): Promise<Buffer> {
  const bytes = await source.take(size);
  if (bytes.length < size) damaged('it ends too early');
  return bytes;
}

async function contentOf(source: ByteSource, { size }: TarHeader): Promise<Buffer> {
  const content = await takeAll(source, size);
  await takeAll(source, (BLOCK - (size % BLOCK)) % BLOCK);
  return content;
}

/** The next header; undefined at the block of zeros that ends a tar. Without that it could have been cut anywhere. */
async function nextHeader(source: ByteSource): Promise<TarHeader | undefined> {
  const block = await takeAll(source, BLOCK);
  return block.equals(PADDING.subarray(0, BLOCK)) ? undefined : parseTarHeader(block);
}

/** The next entry, with its extension headers applied. Global ones count as entries, for there is no end to them. */
async function nextEntry(
  source: ByteSource,
  collector: EntryCollector,
): Promise<ReturnType<Extensions['appliedTo']> | undefined> {
  const extensions = new Extensions();
  for (;;) {
    const header = await nextHeader(source);
    if (!header) {
      extensions.assertNoneLeft();
      return undefined;
    }
    if (!isExtension(header)) return extensions.appliedTo(header);
    assertModestExtension(header);
    if (header.type === 'g') collector.count();
    extensions.add(header, await contentOf(source, header));
  }
}

/** Folders follow from their files, so they are only looked at. The archive's own root is often one of them. */
function assertFolder({ name, size }: TarHeader): void {
  if (size !== 0) refuseEntry(name, 'is a folder with content');
  const path = name.replace(/^\.(\/|$)/, '').replace(/\/$/, '');
  if (path !== '') assertEntryPath(path);
}

/** Some readers go on behind the end, and would find other files than this one. */
async function assertOnlyPadding(source: ByteSource): Promise<void> {
  for (;;) {
    const piece = await source.take(PADDING.length);
    if (piece.length === 0) return;
    if (!piece.equals(PADDING.subarray(0, piece.length))) damaged('data follows its end');
  }
}

/** Reads a tar as it comes. Headers are only parsed: nothing is written to a disk on the way. */
export async function readTar(chunks: AsyncIterable<Buffer>, limits: SourceLimits): Promise<EntryCollector> {
  const source = new ByteSource(chunks);
  const collector = new EntryCollector(limits);
  try {
    for (let entry = await nextEntry(source, collector); entry; entry = await nextEntry(source, collector)) {
      collector.count();
      if (entry.type !== FILE && entry.type !== FOLDER)
        refuseEntry(
          entry.name,
          `is ${OTHER_KINDS[entry.type] ?? 'of an unknown kind'}; only regular files are taken`,
        );
      if (entry.link) refuseEntry(entry.name, 'has the target of a link; only regular files are taken');
      if (entry.type === FOLDER) {
        assertFolder(entry);
        continue;
      }
      const path = entry.name.replace(/^\.\//, '');
      collector.admit(path, entry.size);
      const content = await contentOf(source, entry);
      collector.keep({ path, executable: (entry.mode & 0o111) !== 0, content });
    }
    await assertOnlyPadding(source);
  } finally {
    await source.close();
  }
  return collector;
}
