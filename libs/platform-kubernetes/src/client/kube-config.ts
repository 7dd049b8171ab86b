import { delimiter } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';

/**
 * How the API server is reached and who asks it. `kubeconfig` is what KUBECONFIG holds: one file, or several that are
 * merged. Without it the service account of this pod asks. Throws where a file is missing, or this is no pod.
 */
export function kubeConfig(kubeconfig?: string): KubeConfig {
  const [first, ...rest] = kubeconfig?.split(delimiter).filter(Boolean) ?? [];
  const config = new KubeConfig();
  if (first === undefined) config.loadFromCluster();
  else config.loadFromFile(first);
  for (const file of rest) {
    const more = new KubeConfig();
    more.loadFromFile(file);
    config.mergeConfig(more);
  }
  if (!URL.canParse(config.getCurrentCluster()?.server ?? '')) {
    throw new Error(
      first === undefined
        ? 'This is not a pod of Kubernetes: name a kubeconfig file in KUBECONFIG.'
        : `${kubeconfig} names no cluster for its current context.`,
    );
  }
  return config;
}
