import type { ContextEntry } from '../identity/identity';

/** Where a function's source comes from. */
export type SourceSpec =
  | { kind: 'object'; bucket: string; key: string }
  | { kind: 'inline'; files: Readonly<Record<string, string>> }
  | { kind: 'archive'; url: string }
  | { kind: 'git'; url: string; ref?: string; path?: string };

/** A source as it was read: its files, and the remarks that belong into the build's history. */
export interface FetchedSource {
  entries: ContextEntry[];
  /** What exactly was read: ETag, final URL or commit. */
  revision: string;
  notes: string[];
}

export abstract class SourceFetcher {
  /**
   * Reads the whole source within its limits. Fails with `source_missing`, `source_bucket_missing`, `source_denied`,
   * `source_invalid`, `source_too_large`, `source_url_refused`, `source_kind_unsupported`, or (to be tried again)
   * `source_unreachable`, `source_timeout`, `source_truncated`, `source_changed` or `source_throttled`.
   */
  abstract fetch(source: SourceSpec): Promise<FetchedSource>;
}
