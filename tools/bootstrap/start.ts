import { requireAppPorts, startApps } from './apps.ts';
import { buildBundles } from './build-bundles.ts';
import type { Context } from './context.ts';
import { demonstrate } from './demo.ts';
import { takeStateLock } from './lock.ts';
import { printNextSteps } from './next-steps.ts';
import { ensurePython } from './python.ts';
import { requireSameBase, RunRecord } from './run-record.ts';
import { startServers } from './servers.ts';
import { createStateFolder } from './state-folder.ts';
import { isUp, printAddresses, readStatus } from './status.ts';
import { stay } from './stay.ts';
import { stopAll } from './stop.ts';

export interface StartOptions {
  demo: boolean;
  detach: boolean;
}

async function bringUp(context: Context, record: RunRecord, demo: boolean): Promise<void> {
  const { steps } = context;
  // Before anything is started: a taken port is the commonest failure and should cost no wait.
  await requireAppPorts(context, record);
  const addresses = await startServers(context, record);
  const warning = await steps.run('Python', (note) => ensurePython(context, note));
  if (warning) steps.line(`! ${warning}`);
  await steps.run(
    'Bundles',
    () => buildBundles(context),
    (outcome) => outcome,
  );
  await steps.run(
    'Apps',
    () => startApps(context, record, addresses),
    () => addresses.api,
  );
  const functionUrl = demo ? await demonstrate(context, addresses) : undefined;
  printNextSteps(context, addresses, functionUrl);
}

/** `npm start`: brings everything up, shows the demo and stays. A failure stops again what this command started. */
export async function start(context: Context, { demo, detach }: StartOptions): Promise<number> {
  createStateFolder(context.state, context.asRoot);
  const record = new RunRecord(context.state.run);
  const release = takeStateLock(context.state.lock);
  try {
    const status = await readStatus(record);
    if (isUp(status)) {
      context.steps.line('Slipway runs already:');
      printAddresses(context.steps, status);
      return 0;
    }
    requireSameBase(context, record);
    const found = new Set(status.processes.filter(({ running }) => running).map(({ name }) => name));
    try {
      await bringUp(context, record, demo);
    } catch (error) {
      await stopAll(context, record, found);
      throw error;
    }
  } finally {
    release();
  }
  context.steps.line(
    detach ? '\nSlipway runs on: npm run status, npm stop.' : '\nSlipway runs: Ctrl-C stops it.',
  );
  if (detach) return 0;
  if ((await stay(context, record)) === 'signal') return stop(context);
  context.steps.line('Another command has stopped Slipway.');
  return 0;
}

/** `npm stop`: stops what npm start has started and nothing else. */
export async function stop(context: Context): Promise<number> {
  const record = new RunRecord(context.state.run);
  if (record.processes().length === 0) {
    context.steps.line('Slipway does not run.');
    return 0;
  }
  const release = takeStateLock(context.state.lock);
  try {
    await stopAll(context, record);
  } finally {
    release();
  }
  return 0;
}
