import { paxRecordsOf } from './pax-records';
import { damaged, refuseArchive } from './refuse-archive';
import { MAX_OCTAL_SIZE, type TarHeader } from './tar-header';

/** Bytes of an extension header: a name of 1 KiB and some attributes; what tools write is far below. */
const MAX_EXTENSION = 64 * 1024;

const PAX = 'x';
const PAX_GLOBAL = 'g';
const GNU_LONG_NAME = 'L';
const GNU_LONG_LINK = 'K';

/** Keywords that make something else of an entry than what its own header says: sparse files, other character sets. */
const CHANGES_THE_ENTRY = /^(GNU\.|hdrcharset$|SCHILY\.(realsize|filetype)$)/;

export function isExtension({ type }: TarHeader): boolean {
  return [PAX, PAX_GLOBAL, GNU_LONG_NAME, GNU_LONG_LINK].includes(type);
}

/** Before the content of an extension header is read. */
export function assertModestExtension({ size }: TarHeader): void {
  if (size > MAX_EXTENSION) refuseArchive('has an oversized extension header');
}

/** What the extension headers before an entry say about it. Each thing may be said once, or readers could differ. */
export class Extensions {
  private readonly kinds = new Set<string>();
  private name?: string;
  private size?: number;
  private link = false;

  add({ type }: TarHeader, content: Buffer): void {
    if (type !== PAX_GLOBAL && this.kinds.has(type))
      refuseArchive('has two extension headers of one kind for one entry');
    this.kinds.add(type);
    if (type === GNU_LONG_NAME) this.rename(content.toString('utf8').replace(/\0$/, ''));
    else if (type === GNU_LONG_LINK) this.link = true;
    else for (const [keyword, value] of paxRecordsOf(content)) this.record(type, keyword, value);
  }

  /** The entry as it is meant; whether it has a target of a link. */
  appliedTo(header: TarHeader): TarHeader & { link: boolean } {
    const { name = header.name, size = header.size, link } = this;
    // Only what the header's own field cannot say may differ from it; else readers would find different next headers.
    if (size !== header.size && size <= MAX_OCTAL_SIZE) refuseArchive('claims two sizes for one entry');
    return { ...header, name, size, link };
  }

  assertNoneLeft(): void {
    if ([...this.kinds].some((kind) => kind !== PAX_GLOBAL)) damaged('no entry follows an extension header');
  }

  private record(type: string, keyword: string, value: string): void {
    if (CHANGES_THE_ENTRY.test(keyword)) refuseArchive(`has a PAX header with ${JSON.stringify(keyword)}`);
    if (!['path', 'size', 'linkpath'].includes(keyword)) return;
    if (type === PAX_GLOBAL) refuseArchive(`sets a ${keyword} for all its entries`);
    if (keyword === 'path') this.rename(value);
    else if (keyword === 'size') this.resize(value);
    else this.link = true;
  }

  private rename(name: string): void {
    if (this.name !== undefined) refuseArchive('names one entry twice');
    this.name = name;
  }

  private resize(size: string): void {
    if (this.size !== undefined) refuseArchive('claims two sizes for one entry');
    if (!/^\d{1,15}$/.test(size)) damaged('a PAX header has a size that is no number');
    this.size = Number(size);
  }
}
