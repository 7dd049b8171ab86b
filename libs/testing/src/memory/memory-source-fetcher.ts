import { SlipwayError, SourceFetcher, type FetchedSource, type SourceSpec } from '@slipway/domain';

function nameOf(source: SourceSpec): string {
  switch (source.kind) {
    case 'object':
      return `${source.bucket}/${source.key}`;
    case 'inline':
      return 'inline';
    default:
      return source.url;
  }
}

/** Answers with sources that a spec has laid down by name: `{bucket}/{key}`, `inline`, or the URL. */
export class MemorySourceFetcher extends SourceFetcher {
  private readonly sources = new Map<string, FetchedSource | SlipwayError>();
  /** What was asked for, in order. */
  readonly asked: SourceSpec[] = [];

  lay(name: string, files: Readonly<Record<string, string>>, notes: string[] = []): void {
    const entries = Object.entries(files).map(([path, text]) => ({
      path,
      executable: false,
      content: Buffer.from(text),
    }));
    this.sources.set(name, { entries, revision: name, notes });
  }

  fail(name: string, error: SlipwayError): void {
    this.sources.set(name, error);
  }

  async fetch(source: SourceSpec): Promise<FetchedSource> {
    this.asked.push(source);
    const found = this.sources.get(nameOf(source));
    if (!found) throw new SlipwayError('source_missing', `source file not found: ${nameOf(source)}`);
    if (found instanceof SlipwayError) throw found;
    return found;
  }
}
