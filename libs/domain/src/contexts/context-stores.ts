import { SlipwayError } from '../errors/slipway-error';
import type { ContextStore, ContextStoreKind } from '../ports/context-store';

/** The stores that an installation has for its contexts, one of each kind. */
export class ContextStores {
  private readonly byKind: ReadonlyMap<ContextStoreKind, ContextStore>;

  constructor(stores: readonly ContextStore[]) {
    this.byKind = new Map(stores.map((store) => [store.kind, store]));
  }

  get all(): ContextStore[] {
    return [...this.byKind.values()];
  }

  /** Fails with `context_store_unsupported` where the installation has none of the kind. */
  of(kind: ContextStoreKind): ContextStore {
    const store = this.byKind.get(kind);
    if (store) return store;
    throw new SlipwayError(
      'context_store_unsupported',
      `This installation keeps no contexts in "${kind}", only in ${[...this.byKind.keys()].join(', ')}.`,
    );
  }

  /**
   * The store of the kind, or where the archive is too large for it another one, S3 first, if `overflow` allows that. Fails with
   * `context_too_large`, which names the size and the limit.
   */
  forSize(kind: ContextStoreKind, bytes: number, overflow: boolean): { store: ContextStore; note?: string } {
    const store = this.of(kind);
    if (bytes <= store.maxBytes) return { store };
    const tooLarge = `The context has ${bytes} bytes; "${kind}" takes at most ${store.maxBytes}.`;
    const others = [this.byKind.get('s3'), ...this.all];
    const larger = overflow ? others.find((other) => other && other.maxBytes >= bytes) : undefined;
    if (!larger) throw new SlipwayError('context_too_large', tooLarge);
    return { store: larger, note: `${tooLarge} It was stored in "${larger.kind}" instead.` };
  }
}
