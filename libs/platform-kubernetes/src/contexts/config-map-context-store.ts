import type { V1OwnerReference } from '@kubernetes/client-node';
import {
  ContextStore,
  SlipwayError,
  contextConfigMapOf,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type StoredContext,
} from '@slipway/domain';
import type { KubernetesClient } from '../client/kubernetes-client';
import {
  ARCHIVE_KEY,
  archiveOf,
  contextConfigMap,
  holds,
  isFor,
  isOurs,
  ownerOf,
  noteOfSize,
  sha256Of,
} from './context-config-map';
import { ContextConfigMaps } from './context-config-maps';

export interface ConfigMapContextStoreOptions {
  namespace: string;
  /** Bytes; at most 1 MiB, which is all that the API server takes in one ConfigMap. */
  maxBytes?: number;
  /** What takes the ConfigMaps with it when it is deleted; it has to lie in the same namespace. */
  ownerReferences?: V1OwnerReference[];
  /** How many ConfigMaps are listed in one request. */
  pageSize?: number;
}

/** Leaves room below the 1 MiB of a ConfigMap, since its other fields count towards what etcd takes. */
const MAX_BYTES = 900 * 1024;
const PAGE_SIZE = 500;
/** Writers of one context meet only when they bring different bytes, which equal identities never do. */
const ROUNDS = 5;

/** Build contexts as immutable ConfigMaps, for clusters without an object store. */
export class ConfigMapContextStore extends ContextStore {
  readonly kind = 'configmap';
  readonly maxBytes: number;
  private readonly configMaps: ContextConfigMaps;

  constructor(
    client: KubernetesClient,
    private readonly options: ConfigMapContextStoreOptions,
  ) {
    super();
    this.maxBytes = options.maxBytes ?? MAX_BYTES;
    this.configMaps = new ContextConfigMaps(client, options.namespace, options.pageSize ?? PAGE_SIZE);
  }

  keyOf(name: ContextName): string {
    return contextConfigMapOf(name);
  }

  async put(name: ContextName, archive: Buffer): Promise<ContextReference> {
    this.refuseTooLarge(archive.length);
    const key = this.keyOf(name);
    const reference: ContextReference = {
      store: this.kind,
      key,
      size: archive.length,
      sha256: sha256Of(archive),
    };
    const configMap = contextConfigMap(name, archive);
    configMap.metadata = { ...configMap.metadata, name: key, ownerReferences: this.options.ownerReferences };
    for (let round = 1; round <= ROUNDS; round += 1) {
      if (await this.configMaps.create(configMap)) return reference;
      const stored = await this.configMaps.read(key);
      if (!stored) continue;
      if (!isFor(name, stored)) throw this.taken(key);
      if (holds(reference, stored)) return reference;
      // The identity names the content, so somebody else has damaged it. Nothing but that one is deleted.
      await this.configMaps.remove(key, stored.metadata?.uid);
    }
    throw new SlipwayError(
      'unavailable',
      `The ConfigMap ${this.nameOf(key)} changes while it is being stored.`,
    );
  }

  async renew(_name: ContextName, reference: ContextReference): Promise<boolean> {
    const stored = await this.configMaps.read(reference.key);
    return stored !== undefined && holds(reference, stored);
  }

  async grant(reference: ContextReference): Promise<ContextGrant> {
    const { key, size, sha256 } = reference;
    const stored = await this.configMaps.read(key);
    if (!stored) throw new SlipwayError('source_missing', `The stored context ${this.nameOf(key)} is gone.`);
    if (!holds(reference, stored)) {
      throw new SlipwayError('source_invalid', `The stored context ${this.nameOf(key)} is damaged.`);
    }
    return { url: `configmap://${this.nameOf(key)}/${ARCHIVE_KEY}`, size, sha256 };
  }

  async remove(key: string): Promise<void> {
    const stored = await this.configMaps.read(key);
    // Somebody else's of this name, which `put` has refused to replace, is not ours to remove either.
    if (stored && isOurs(stored)) await this.configMaps.remove(key, stored.metadata?.uid);
  }

  async *list(): AsyncIterable<StoredContext> {
    for await (const configMap of this.configMaps.list()) {
      const key = configMap.metadata!.name!;
      const size = noteOfSize(configMap) ?? (await this.measured(key));
      if (size !== undefined) yield { key, size, ...ownerOf(configMap) };
    }
  }

  /** Undefined where it is gone by now. */
  private async measured(key: string): Promise<number | undefined> {
    const configMap = await this.configMaps.read(key);
    return configMap && archiveOf(configMap).length;
  }

  private refuseTooLarge(bytes: number): void {
    if (bytes <= this.maxBytes) return;
    throw new SlipwayError(
      'context_too_large',
      `The context has ${bytes} bytes; "${this.kind}" takes at most ${this.maxBytes}.`,
    );
  }

  private taken(key: string): SlipwayError {
    return new SlipwayError(
      'context_name_taken',
      `The ConfigMap ${this.nameOf(key)} is there already and holds something else than this context.`,
    );
  }

  private nameOf(key: string): string {
    return `${this.options.namespace}/${key}`;
  }
}
