import type { ContextEntry } from '@slipway/domain';

/** A source of text files. */
export function source(files: Record<string, string>): ContextEntry[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    executable: false,
    content: Buffer.from(content),
  }));
}
