import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

/** Named by `npm test`. Never KUBECONFIG: that may be somebody's real cluster. */
const TEST_KUBECONFIG = process.env['SLIPWAY_TEST_KUBECONFIG'];

/** A suite that needs a Kubernetes API server: where the tests have none, it is one skipped test of its name. */
export function describeOnKubernetes(name: string, suite: (kubeconfig: string) => void): void {
  if (TEST_KUBECONFIG) describe(name, () => suite(TEST_KUBECONFIG!));
  else it.skip(name, () => undefined);
}

/** The API server of the tests, and namespaces of it that nobody else uses. */
export class TestCluster {
  readonly core: CoreV1Api;
  private readonly namespaces: string[] = [];

  constructor(readonly config: KubeConfig) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  static open(kubeconfig: string): TestCluster {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return new TestCluster(config);
  }

  /** Writes a kubeconfig file into `folder` by which somebody asks who has no rights at all. Returns its path. */
  kubeconfigOfStranger(folder: string): string {
    const { clusters, contexts, currentContext, users } = this.config;
    const stranger = new KubeConfig();
    const as = users.map((user) => ({ ...user, impersonateUser: 'stranger' }));
    stranger.loadFromOptions({ clusters, contexts, currentContext, users: as });
    const file = join(folder, 'stranger.kubeconfig');
    writeFileSync(file, stranger.exportConfig());
    return file;
  }

  /** The name of a new, empty namespace. */
  async newNamespace(): Promise<string> {
    const name = `slipway-test-${randomUUID()}`;
    await this.core.createNamespace({ body: { metadata: { name } } });
    this.namespaces.push(name);
    return name;
  }

  async stop(): Promise<void> {
    for (const name of this.namespaces) {
      await this.core.deleteCollectionNamespacedConfigMap({ namespace: name });
      await this.core.deleteNamespace({ name });
    }
  }
}
