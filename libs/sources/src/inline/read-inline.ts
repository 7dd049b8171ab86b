import type { FetchedSource } from '@slipway/domain';
import { EntryCollector } from '../entry-collector';
import type { SourceLimits } from '../limits';

/** The name of inline code that came without one; whoever plans the build gives it the runtime's default. */
const UNNAMED = 'source';

/** Takes files that stand in the event itself. */
export function readInline(files: Readonly<Record<string, string>>, limits: SourceLimits): FetchedSource {
  const collector = new EntryCollector(limits);
  for (const [name, text] of Object.entries(files)) {
    const path = name === '' ? UNNAMED : name;
    const content = Buffer.from(text, 'utf8');
    collector.count();
    collector.admit(path, content.length);
    collector.keep({ path, executable: false, content });
  }
  return { entries: collector.entries(), revision: 'inline', notes: [] };
}
