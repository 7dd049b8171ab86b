import { SlipwayError, type ContextEntry } from '@slipway/domain';
import { assertEntryPath, refuseEntry } from './entry-path';
import type { SourceLimits } from './limits';

interface FoldedPath {
  path: string;
  /** In lower case, with the least character as separator: in order, all below a folder stand together. */
  folded: string;
}

function foldedPath({ path }: ContextEntry): FoldedPath {
  return { path, folded: path.toLowerCase().replaceAll('/', '\0') };
}

/** Of two neighbours in order. On some machines folders whose names differ in case alone are one folder. */
function assertApart(before: FoldedPath, { path, folded }: FoldedPath): void {
  if (folded.startsWith(`${before.folded}\0`)) refuseEntry(path, 'lies below a file');
  const others = before.path.split('/').slice(0, -1);
  for (const [n, part] of path.split('/').slice(0, -1).entries()) {
    if (part === others[n]) continue;
    if (part.toLowerCase() === others[n]?.toLowerCase())
      refuseEntry(path, `differs from ${JSON.stringify(before.path.slice(0, 200))} in case alone`);
    return;
  }
}

/** Gathers the files of a source under one policy, whatever they come from, and stops at the limits. */
export class EntryCollector {
  private readonly found: ContextEntry[] = [];
  private readonly names = new Map<string, string>();
  private claimed = 0;
  private total = 0;
  private seen = 0;

  constructor(private readonly limits: SourceLimits) {}

  /** Counts whatever an archive lists, also what is not kept, so that a million empty folders end too. */
  count(): void {
    this.seen += 1;
    if (this.seen > this.limits.entries) {
      throw new SlipwayError('source_too_large', `The source has more than ${this.limits.entries} entries.`);
    }
  }

  /** Checks a file before its content is read. `size` is what is claimed; what is read is counted again. */
  admit(path: string, size: number): void {
    assertEntryPath(path);
    if (size > this.limits.fileBytes) {
      throw new SlipwayError(
        'source_too_large',
        `${JSON.stringify(path)} has ${size} bytes; at most ${this.limits.fileBytes} are taken.`,
      );
    }
    this.claimed += size;
    this.assertTotal(this.claimed);
    // Two names that differ in case alone are one file on some machines.
    const folded = path.toLowerCase();
    const twin = this.names.get(folded);
    if (twin !== undefined) {
      refuseEntry(
        path,
        twin === path ? 'stands there twice' : `differs from ${JSON.stringify(twin)} in case alone`,
      );
    }
    this.names.set(folded, path);
  }

  keep(entry: ContextEntry): void {
    this.total += entry.content.length;
    this.assertTotal(this.total);
    this.found.push(entry);
  }

  private assertTotal(bytes: number): void {
    if (bytes > this.limits.totalBytes) {
      throw new SlipwayError('source_too_large', `The source has more than ${this.limits.totalBytes} bytes.`);
    }
  }

  /** All files. Fails where a file is also the folder of another, folders differ in case alone, or there are none. */
  entries(): ContextEntry[] {
    if (this.found.length === 0) throw new SlipwayError('source_invalid', 'The source has no files.');
    const inOrder = this.found.map(foldedPath).sort((one, other) => (one.folded < other.folded ? -1 : 1));
    inOrder.slice(1).forEach((next, n) => assertApart(inOrder[n]!, next));
    return this.found;
  }
}
