import type { ContextReference, StoredContext } from '@slipway/domain';
import { KubernetesClient, type KubernetesLimits } from '../src/client/kubernetes-client';
import {
  ConfigMapContextStore,
  type ConfigMapContextStoreOptions,
} from '../src/contexts/config-map-context-store';
import { ApiFaultProxy } from './api-fault-proxy';
import { TestCluster } from './test-cluster';

type StoreOptions = Partial<ConfigMapContextStoreOptions>;

/** Stores of contexts in one namespace after the other, and what a builder would read of them. */
export class ConfigMapSetting {
  namespace = '';

  private constructor(
    private readonly kubeconfig: string,
    readonly cluster: TestCluster,
    readonly proxy: ApiFaultProxy,
  ) {}

  static async start(kubeconfig: string): Promise<ConfigMapSetting> {
    const cluster = TestCluster.open(kubeconfig);
    return new ConfigMapSetting(kubeconfig, cluster, await ApiFaultProxy.start(cluster.config));
  }

  /** From here on everything happens in a new namespace, and nothing fails. */
  async renew(): Promise<void> {
    this.namespace = await this.cluster.newNamespace();
    this.proxy.next();
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.cluster.stop();
  }

  store(options: StoreOptions = {}, client = new KubernetesClient({ kubeconfig: this.kubeconfig })) {
    return new ConfigMapContextStore(client, { namespace: this.namespace, ...options });
  }

  storeBehindProxy(limits: Partial<KubernetesLimits> = {}, options: StoreOptions = {}) {
    return this.store(options, new KubernetesClient({ kubeconfig: this.proxy.kubeconfig, limits }));
  }

  /** Follows `configmap://namespace/name/key` as a builder would. */
  async read(url: string): Promise<Buffer> {
    const [, namespace, name, key] = /^configmap:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url)!;
    const { binaryData } = await this.cluster.core.readNamespacedConfigMap({
      namespace: namespace!,
      name: name!,
    });
    return Buffer.from(binaryData![key!]!, 'base64');
  }

  async granted(reference: ContextReference): Promise<Buffer> {
    return this.read((await this.store().grant(reference)).url);
  }

  async listed(store = this.store()): Promise<StoredContext[]> {
    const all: StoredContext[] = [];
    for await (const each of store.list()) all.push(each);
    return all.sort((a, b) => a.key.localeCompare(b.key));
  }
}
