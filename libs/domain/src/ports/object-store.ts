export interface ObjectInfo {
  key: string;
  /** Bytes. */
  size: number;
  etag: string;
}

/**
 * Reads what users have uploaded. Failures are `source_missing` (no such object), `source_denied`, and
 * `source_unreachable` (slow, broken or unavailable: may be tried again).
 */
export abstract class ObjectStore {
  /** The object's bytes, at most `limit`: a larger one fails with `source_too_large` before it is read. */
  abstract get(bucket: string, key: string, limit: number): Promise<Buffer>;
  /** What lies below the prefix, in byte order, at most `limit` entries. */
  abstract list(bucket: string, prefix: string, limit: number): Promise<ObjectInfo[]>;
  /** Stores bytes under a key; replaces what was there. */
  abstract put(bucket: string, key: string, bytes: Buffer): Promise<void>;
}
