import { createHash } from 'node:crypto';
import {
  ContextStore,
  SlipwayError,
  contextKeyOf,
  contextOwnerIn,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type ContextStoreKind,
  type StoredContext,
} from '@slipway/domain';

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Contexts in memory; a grant carries the archive itself as a `data:` URL. */
export class MemoryContextStore extends ContextStore {
  private readonly archives = new Map<string, Buffer>();

  constructor(
    readonly kind: ContextStoreKind = 'file',
    readonly maxBytes = Infinity,
  ) {
    super();
  }

  keyOf(name: ContextName): string {
    return contextKeyOf(name);
  }

  async put(name: ContextName, archive: Buffer): Promise<ContextReference> {
    const key = this.keyOf(name);
    this.archives.set(key, Buffer.from(archive));
    return { store: this.kind, key, size: archive.length, sha256: sha256(archive) };
  }

  async renew(_name: ContextName, { key, sha256: expected }: ContextReference): Promise<boolean> {
    const archive = this.archives.get(key);
    return archive !== undefined && sha256(archive) === expected;
  }

  async grant(reference: ContextReference): Promise<ContextGrant> {
    const archive = this.archives.get(reference.key);
    if (!archive) throw new SlipwayError('source_missing', `The stored context ${reference.key} is gone.`);
    if (sha256(archive) !== reference.sha256) {
      throw new SlipwayError('source_invalid', `The stored context ${reference.key} is damaged.`);
    }
    const url = `data:application/gzip;base64,${archive.toString('base64')}`;
    return { url, size: reference.size, sha256: reference.sha256 };
  }

  async remove(key: string): Promise<void> {
    this.archives.delete(key);
  }

  async *list(): AsyncIterable<StoredContext> {
    for (const [key, { length }] of this.archives) yield { key, size: length, ...contextOwnerIn(key) };
  }

  /** Puts something there as somebody else would have. */
  leave(key: string, archive: Buffer): void {
    this.archives.set(key, archive);
  }

  get keys(): string[] {
    return [...this.archives.keys()].sort();
  }
}
