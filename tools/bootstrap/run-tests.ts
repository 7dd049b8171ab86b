import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from './build-bundles.ts';
import type { Context } from './context.ts';
import { JEST_WORKERS, runJest } from './jest-run.ts';
import { takeLock } from './lock.ts';
import { ensurePython } from './python.ts';
import { removeTree } from './remove-tree.ts';
import { RunRecord } from './run-record.ts';
import { startServers } from './servers.ts';
import { createStateFolder } from './state-folder.ts';
import { stopAll } from './stop.ts';
import { addCounts, NO_TESTS, type TestCounts } from './test-counts.ts';
import { ensureTestKubernetes, NO_KUBERNETES } from './test-kubernetes.ts';
import { ensureTestPrometheus, NO_PROMETHEUS } from './test-prometheus.ts';
import { ensureTestS3, NO_S3 } from './test-s3.ts';

function e2eFolder(context: Context): string {
  return join(context.state.folder, 'e2e');
}

/**
 * What the tests see. SLIPWAY_STATE_DIR and SLIPWAY_PORT_BASE point away from the data of `npm start`, so that no test
 * can reach it, whatever command of ours it runs.
 */
function testEnvironment(
  context: Context,
  urls: { amqp: string; sidecarAmqp: string; database: string },
): NodeJS.ProcessEnv {
  return {
    ...context.env,
    AMQP_URL: urls.amqp,
    SIDECAR_AMQP_URL: urls.sidecarAmqp,
    DATABASE_URL: urls.database,
    // No cluster of the caller's, and no store that the specs have not chosen.
    KUBECONFIG: undefined,
    BUILD_NAMESPACE: undefined,
    CONTEXT_STORE: undefined,
    CONTEXT_BUCKET: undefined,
    SLIPWAY_TEST: '1',
    SLIPWAY_STATE_DIR: e2eFolder(context),
    SLIPWAY_PORT_BASE: String(context.ports.base),
  };
}

/** Brings up what the specs need and returns the environment that leads them there. */
async function prepare(context: Context, record: RunRecord): Promise<NodeJS.ProcessEnv> {
  const { steps } = context;
  const addresses = await startServers(context, record);
  const s3 = await steps.run(
    'S3',
    (note) => ensureTestS3(context, record, note),
    (found) => found.S3_ENDPOINT ?? 'none',
  );
  if (!s3.S3_ENDPOINT) steps.line(`! ${NO_S3}`);
  const kubernetes = await steps.run(
    'Kubernetes',
    (note) => ensureTestKubernetes(context, record, note),
    (found) => found.SLIPWAY_TEST_KUBECONFIG ?? 'none',
  );
  if (!kubernetes.SLIPWAY_TEST_KUBECONFIG) steps.line(`! ${NO_KUBERNETES}`);
  const prometheus = await steps.run(
    'Prometheus',
    (note) => ensureTestPrometheus(context, note),
    (found) => (found ? 'found' : 'none'),
  );
  if (!prometheus) steps.line(`! ${NO_PROMETHEUS}`);
  const warning = await steps.run('Python', (note) => ensurePython(context, note));
  if (warning) steps.line(`! ${warning}`);
  await steps.run(
    'Bundles',
    () => buildBundles(context),
    (outcome) => outcome,
  );
  return { ...testEnvironment(context, addresses), ...s3, ...kubernetes, ...prometheus };
}

async function runAll(context: Context, record: RunRecord, args: readonly string[]): Promise<TestCounts> {
  const env = await prepare(context, record);
  const workers = `--maxWorkers=${JEST_WORKERS}`;
  const first = await runJest(context, {
    name: 'all',
    config: 'jest.config.ts',
    args: [workers, ...args],
    env,
  });
  const e2e = join('tools', 'e2e', 'jest.config.ts');
  if (!existsSync(join(context.root, e2e))) return first;
  return addCounts(
    first,
    await runJest(context, { name: 'e2e', config: e2e, args: ['--runInBand', ...args], env }),
  );
}

/** Runs all tests (`args` go to Jest) on servers of their own, which are stopped afterwards, and names the skipped ones. */
export async function runTests(context: Context, args: readonly string[]): Promise<TestCounts> {
  createStateFolder(context.state, context.asRoot);
  const release = takeLock(
    context.state.lock,
    (pid) =>
      `The tests of this clone run already (process ${pid}): wait until they have ended and try again.`,
  );
  const record = new RunRecord(context.state.run);
  let counts = NO_TESTS;
  try {
    // What a killed run left behind goes first: every run starts on empty servers.
    await stopAll(context, record);
    for (const path of [context.state.broker, join(context.state.database, 'data'), e2eFolder(context)]) {
      removeTree(path);
    }
    counts = await runAll(context, record, args);
  } finally {
    await stopAll(
      { ...context, state: { ...context.state, platform: join(e2eFolder(context), 'platform') } },
      new RunRecord(join(e2eFolder(context), 'run.json')),
    );
    await stopAll(context, record);
    release();
  }
  for (const name of counts.skipped) context.steps.line(`skipped: ${name}`);
  return counts;
}
