export interface ObjectInfo {
  key: string;
  /** Bytes. */
  size: number;
  etag: string;
}

/**
 * Reads what users have uploaded. Failures that asking again does not mend are `source_missing` (no such object),
 * `source_bucket_missing` (no such bucket, or in another region) and `source_denied`. Those that may pass come after the
 * store has tried again itself: `source_throttled` (asked for fewer requests), `source_timeout`, `source_truncated` (cut off
 * or damaged on the way), `source_changed` (replaced while it was read) and `source_unreachable` (any other).
 */
export abstract class ObjectStore {
  /** The object's bytes, at most `limit`: a larger one fails with `source_too_large` before it is read. */
  abstract get(bucket: string, key: string, limit: number): Promise<Buffer>;
  /** What lies below the prefix, in byte order, at most `limit` entries. */
  abstract list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]>;
  /** Stores bytes under a key; replaces what was there. */
  abstract put(bucket: string, key: string, bytes: Buffer): Promise<void>;
}
