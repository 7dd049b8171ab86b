import { existsSync } from 'node:fs';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';
import { startKubernetesFrom } from './test-kubernetes-assets.ts';
import { startLabKubernetes } from './test-kubernetes-lab.ts';

/** What to do where there is none. */
export const NO_KUBERNETES =
  'The specs that need a Kubernetes API server are skipped: name a folder with etcd and kube-apiserver in ' +
  'KUBEBUILDER_ASSETS, or the kubeconfig file of a cluster for tests in SLIPWAY_TEST_KUBECONFIG. KUBECONFIG is not ' +
  'used, since it may lead to a cluster that matters.';

function given(kubeconfig: string): string {
  if (existsSync(kubeconfig)) return kubeconfig;
  throw new Refusal(
    `SLIPWAY_TEST_KUBECONFIG names ${kubeconfig}, which is not there: name a kubeconfig file, or unset it.`,
  );
}

async function find(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<string | undefined> {
  const { SLIPWAY_TEST_KUBECONFIG: kubeconfig, KUBEBUILDER_ASSETS: assets } = context.env;
  if (kubeconfig) return given(kubeconfig);
  if (assets) return startKubernetesFrom(assets, context, record);
  return startLabKubernetes(context, record, note);
}

/**
 * Finds or starts one Kubernetes API server for all specs and returns the environment that leads to it: that of
 * SLIPWAY_TEST_KUBECONFIG, else one of our own from the programs in KUBEBUILDER_ASSETS, else the lab's where a lab stands
 * beside the clone. The environment is empty where there is none of these; then the specs that need it are skipped.
 * Throws a Refusal where there is one of these and it does not work.
 */
export async function ensureTestKubernetes(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<NodeJS.ProcessEnv> {
  const kubeconfig = await find(context, record, note);
  return kubeconfig ? { SLIPWAY_TEST_KUBECONFIG: kubeconfig } : {};
}
