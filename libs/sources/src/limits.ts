/** What a source may have at most; every part of reading stops there. */
export interface SourceLimits {
  entries: number;
  /** Bytes of one file. */
  fileBytes: number;
  /** Bytes of all files together, and of the archive that they come in. */
  totalBytes: number;
  /** How many times its size an archive may unpack to; looked at above 16 MiB, below which no ratio hurts. */
  ratio: number;
  /** Milliseconds for fetching over HTTP, redirects, body and all tries included. */
  fetchMs: number;
  /** How often a server is asked at most, where its failure may pass. */
  tries: number;
}

export const DEFAULT_LIMITS: SourceLimits = {
  entries: 10_000,
  fileBytes: 50 * 1024 * 1024,
  totalBytes: 100 * 1024 * 1024,
  ratio: 200,
  fetchMs: 60_000,
  tries: 4,
};

const HARMLESS_BYTES = 16 * 1024 * 1024;

/** Bytes that an archive of this size may unpack to by its ratio alone. */
export function unpackedByRatio(archiveBytes: number, limits: SourceLimits): number {
  return Math.max(HARMLESS_BYTES, archiveBytes * limits.ratio);
}
