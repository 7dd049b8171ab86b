/** Where a stored context lies, as it stands in records and events. */
export interface ContextReference {
  store: 'file' | 's3' | 'configmap';
  /** Object key, or the ConfigMap's name. */
  key: string;
  /** Size of the archive in bytes. */
  size: number;
  /** SHA-256 (64 hex) of the archive's bytes. */
  sha256: string;
}

/** The right to read one context for a limited time; all that a builder ever gets. */
export interface ContextGrant {
  /** `file://…` or a presigned `https://…`. */
  url: string;
  size: number;
  sha256: string;
}

export abstract class ContextStore {
  /** Stores the archive under the key unless it is there already. Nobody ever sees a part of it. */
  abstract put(key: string, archive: Buffer): Promise<ContextReference>;
  /** How a builder may read it within `seconds`. Fails with `source_missing` where it is gone. */
  abstract grant(reference: ContextReference, seconds: number): Promise<ContextGrant>;
  /** Removes it; done where it is gone already. */
  abstract remove(reference: ContextReference): Promise<void>;
}
