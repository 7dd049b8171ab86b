import type { ContextStore } from '@slipway/domain';
import { KubernetesClient } from './client/kubernetes-client';
import { ConfigMapContextStore } from './contexts/config-map-context-store';

/** The settings that name a namespace for contexts, under the names of their variables. */
export interface ConfigMapConfig {
  BUILD_NAMESPACE?: string;
  /** Files; without them the service account of the pod is used. */
  KUBECONFIG?: string;
}

/** The ConfigMaps of the namespace, where one is named. Throws where the cluster's address cannot be found out. */
export function openConfigMapStores(config: ConfigMapConfig): ContextStore[] {
  if (config.BUILD_NAMESPACE === undefined) return [];
  const client = new KubernetesClient({ kubeconfig: config.KUBECONFIG });
  return [new ConfigMapContextStore(client, { namespace: config.BUILD_NAMESPACE })];
}
