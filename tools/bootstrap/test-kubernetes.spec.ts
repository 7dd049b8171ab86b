import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { createContext } from './context.ts';
import { RunRecord } from './run-record.ts';
import { ensureTestKubernetes } from './test-kubernetes.ts';

describe('the Kubernetes API server of the tests', () => {
  let root: string;
  beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'slipway-kubernetes-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  function found(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    const steps: Context['steps'] = { line: () => undefined, run: (_title, work) => work(() => undefined) };
    const { signal } = new AbortController();
    const context = createContext('test', {
      root,
      env: { HOME: root, ...env },
      asRoot: false,
      steps,
      signal,
    });
    return ensureTestKubernetes(context, new RunRecord(join(root, 'run.json')), () => undefined);
  }

  it('is never the cluster of KUBECONFIG', async () => {
    await expect(found({ KUBECONFIG: join(root, 'production') })).resolves.toEqual({});
  });

  it('is the one that is named for it', async () => {
    const kubeconfig = join(root, 'kubeconfig');
    writeFileSync(kubeconfig, '{}');
    await expect(found({ SLIPWAY_TEST_KUBECONFIG: kubeconfig, KUBEBUILDER_ASSETS: root })).resolves.toEqual({
      SLIPWAY_TEST_KUBECONFIG: kubeconfig,
    });
  });

  it.each([
    ['SLIPWAY_TEST_KUBECONFIG', /names .*, which is not there/],
    ['KUBEBUILDER_ASSETS', /has no .*etcd/],
  ])('is refused where %s leads nowhere', async (variable, sentence) => {
    await expect(found({ [variable]: join(root, 'nowhere') })).rejects.toThrow(sentence);
  });
});
