import {
  setHeaderOptions,
  type ConfigurationOptions,
  type V1ConfigMap,
  type V1ConfigMapList,
} from '@kubernetes/client-node';
import { failureOf, type ApiAction } from '../client/api-failure';
import type { KubernetesClient } from '../client/kubernetes-client';
import { CONTEXT_SELECTOR } from './context-config-map';

/** Objects without their data, which may be a megabyte each (Kubernetes API concepts, "Metadata-only fetches"). */
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const LIST_OF_METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** The ConfigMaps of one namespace that hold contexts, as the API server has them. */
export class ContextConfigMaps {
  constructor(
    private readonly client: KubernetesClient,
    private readonly namespace: string,
    private readonly pageSize: number,
  ) {}

  /** False where one of that name is there already. */
  async create(body: V1ConfigMap): Promise<boolean> {
    const created = await this.ask('create', ['AlreadyExists'], (options) =>
      this.client.core.createNamespacedConfigMap(
        { namespace: this.namespace, body },
        setHeaderOptions('Accept', METADATA, options),
      ),
    );
    return created !== undefined;
  }

  read(name: string): Promise<V1ConfigMap | undefined> {
    return this.ask('get', ['NotFound'], (options) =>
      this.client.core.readNamespacedConfigMap({ namespace: this.namespace, name }, options),
    );
  }

  /** Done where it is gone, or where another one than that of the UID has its name. */
  async remove(name: string, uid?: string): Promise<void> {
    const body = uid === undefined ? undefined : { preconditions: { uid } };
    await this.ask('delete', ['NotFound', 'Conflict'], (options) =>
      this.client.core.deleteNamespacedConfigMap({ namespace: this.namespace, name, body }, options),
    );
  }

  /** Each one once, without its data. */
  async *list(): AsyncIterable<V1ConfigMap> {
    const seen = new Set<string>();
    let next: string | undefined;
    do {
      const page = await this.page(next);
      // An empty list of metadata says null.
      const items = page.items ?? [];
      for (const configMap of items.filter(({ metadata }) => !seen.has(metadata!.name!))) {
        seen.add(configMap.metadata!.name!);
        yield configMap;
      }
      next = page.metadata?._continue;
    } while (next);
  }

  /** A list that has taken too long cannot go on where it was (410 Expired), and begins anew. */
  private async page(next?: string): Promise<V1ConfigMapList> {
    const page = await this.ask('list', next ? ['Expired'] : [], (options) =>
      this.client.core.listNamespacedConfigMap(
        { namespace: this.namespace, labelSelector: CONTEXT_SELECTOR, limit: this.pageSize, _continue: next },
        setHeaderOptions('Accept', LIST_OF_METADATA, options),
      ),
    );
    return page ?? this.page();
  }

  /** Undefined where it fails for one of the reasons that are expected. */
  private ask<T>(
    verb: ApiAction['verb'],
    expected: readonly string[],
    attempt: (options: ConfigurationOptions) => Promise<T>,
  ): Promise<T | undefined> {
    return this.client.ask({ verb, resource: 'configmaps', namespace: this.namespace }, async (options) => {
      try {
        return await attempt(options);
      } catch (error) {
        if (expected.includes(failureOf(error).reason ?? '')) return undefined;
        throw error;
      }
    });
  }
}
