/** The kinds of places that hold contexts, as `context_store` names them (wire §1). */
export type ContextStoreKind = 'file' | 's3' | 'configmap';

/** What a context is made of and for whom; every store makes its own key of it. */
export interface ContextName {
  tenant: string;
  parser: string;
  /** 64 hex; it names the content, so equal names hold equal contexts. */
  identity: string;
  /** Sequence of the function's build; a store may show its readers the context of the highest one. */
  sequence?: number;
}

/** Where a stored context lies, as it stands in records and events. */
export interface ContextReference {
  store: ContextStoreKind;
  /** Object key, or the ConfigMap's name. */
  key: string;
  /** Size of the archive in bytes. */
  size: number;
  /** SHA-256 (64 hex) of the archive's bytes. */
  sha256: string;
}

/** The right to read one context for a limited time; all that a builder ever gets. */
export interface ContextGrant {
  /** `file://…`, a presigned `https://…`, or `configmap://namespace/name/key`. */
  url: string;
  size: number;
  sha256: string;
}

/** What a store holds, whether a record names it or not. */
export interface StoredContext {
  key: string;
  /** Bytes. */
  size: number;
  /** Whose it is and of what content, as far as the place says so. */
  tenant?: string;
  identity?: string;
}

export abstract class ContextStore {
  abstract readonly kind: ContextStoreKind;
  /** The largest archive in bytes that it takes. */
  abstract readonly maxBytes: number;
  /** Where `put` stores the context of this name; known before it is stored. */
  abstract keyOf(name: ContextName): string;
  /** Stores the archive unless it is there already. Nobody ever sees a part of it. */
  abstract put(name: ContextName, archive: Buffer): Promise<ContextReference>;
  /** Does what `put` does besides storing, for a context that lies there whole; false where it does not. */
  abstract renew(name: ContextName, reference: ContextReference): Promise<boolean>;
  /** How a builder may read it within `seconds`. Fails with `source_missing` where it is gone. */
  abstract grant(reference: ContextReference, seconds: number): Promise<ContextGrant>;
  /** Removes what lies there; done where it is gone already. */
  abstract remove(key: string): Promise<void>;
  /** All that lies there, in no order, what killed writers have left included. */
  abstract list(): AsyncIterable<StoredContext>;
}
