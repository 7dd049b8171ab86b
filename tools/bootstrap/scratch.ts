import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { startApps } from './apps.ts';
import { buildBundles } from './build-bundles.ts';
import { createContext, type Context, type Surroundings } from './context.ts';
import { takeStateLock } from './lock.ts';
import { APP_NAMES, portsFrom } from './ports.ts';
import { Refusal } from './refusal.ts';
import { reset } from './reset.ts';
import { requireSameBase, RunRecord, type Addresses } from './run-record.ts';
import { startServers } from './servers.ts';
import { createStateFolder } from './state-folder.ts';
import { createSteps } from './steps.ts';
import { SERVERS, stopAll } from './stop.ts';

/** Empty servers for one run of a program, and the bundles of the apps, of which none runs yet. */
export interface Scratch {
  context: Context;
  record: RunRecord;
  addresses: Addresses;
}

const ROOT = join(import.meta.dirname, '../..');
const PORTS = {
  bench: { variable: 'SLIPWAY_BENCH_PORT_BASE', base: 11080 },
  chaos: { variable: 'SLIPWAY_CHAOS_PORT_BASE', base: 14080 },
};
const INTERRUPTED = 130;

/** These would lead the program to somebody's servers, or the apps to other queues and types than it looks at. */
const WITHHELD = [
  ...['DATABASE_URL', 'AMQP_URL', 'SIDECAR_AMQP_URL', 'S3_ENDPOINT', 'CONTEXT_BUCKET', 'CONTEXT_STORE'],
  ...['BUILD_NAMESPACE', 'KUBECONFIG'],
  ...['QUEUE_SUFFIX', 'EVENT_TYPE_PREFIX', 'EVENT_SOURCE_PREFIX'],
];

/** Those of this process, without what would lead elsewhere. */
function surroundings(signal: AbortSignal): Surroundings {
  const asRoot = process.getuid?.() === 0;
  // As in `npm start`: the servers run as other users, who have to be able to read what is made for them.
  if (asRoot) process.umask(0o022);
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !WITHHELD.includes(key)));
  return { root: ROOT, asRoot, steps: createSteps(process.stdout), signal, env };
}

/**
 * The surroundings of `npm start`, beside its data and ports. The purpose is `start` and not `test`, because only with
 * the durable settings of the database is a commit a commit.
 */
function scratchContext(name: keyof typeof PORTS, signal: AbortSignal): Context {
  const from = surroundings(signal);
  const { variable, base } = PORTS[name];
  const ports = portsFrom(from.env[variable], base, variable);
  const { folder } = createContext('start', from).state;
  return {
    ...createContext('start', { ...from, env: { ...from.env, SLIPWAY_STATE_DIR: `${folder}-${name}` } }),
    ports,
  };
}

async function onServers(
  context: Context,
  work: (scratch: Scratch) => Promise<number>,
  before: (context: Context) => void,
): Promise<number> {
  const record = new RunRecord(context.state.run);
  before(context);
  // Every run begins on empty servers; this also stops what a killed one left behind.
  if (existsSync(context.state.folder)) await reset(context, record, true);
  createStateFolder(context.state, context.asRoot);
  const release = takeStateLock(context.state.lock);
  try {
    const addresses = await startServers(context, record);
    await context.steps.run(
      'Bundles',
      () => buildBundles(context),
      (outcome) => outcome,
    );
    return await work({ context, record, addresses });
  } finally {
    await stopAll(context, record);
    release();
  }
}

/**
 * Stops the apps of the system that `npm start` has brought up, lets `work` run its own on the same servers and ports, and
 * brings them back.
 */
async function onRunning(context: Context, work: (scratch: Scratch) => Promise<number>): Promise<number> {
  const { state } = context;
  const record = new RunRecord(state.run);
  if (!APP_NAMES.every((app) => record.running(app)))
    throw new Refusal(
      'The system of this clone does not run: start it with "npm start -- --no-demo --detach".',
    );
  requireSameBase(context, record);
  const addresses = record.addresses() as Addresses;
  const release = takeStateLock(state.lock);
  try {
    await stopAll(context, record, new Set(SERVERS));
    return await work({ context, record, addresses });
  } finally {
    // Also after Ctrl-C, which has ended the signal of the context, and in the middle of a server's restart.
    const lasting = { ...context, signal: new AbortController().signal };
    await startServers(lasting, record);
    await startApps(lasting, record, addresses);
    release();
  }
}

/** Says what went wrong and returns the exit code for it. */
function explain(error: unknown, interrupted: boolean): number {
  const complain = (sentence: string) => process.stderr.write(`${sentence}\n`);
  if (interrupted) {
    complain('Interrupted: what this program had started is stopped.');
    return INTERRUPTED;
  }
  complain(error instanceof Refusal ? error.message : inspect(error));
  return error instanceof Refusal ? error.exitCode : 1;
}

/**
 * Runs a program on servers of its own and stops them at its end, after a failure and after Ctrl-C as well. `work` resolves
 * to the exit code; `before` comes before the data of the last run are deleted.
 */
export function runOnScratch(
  name: keyof typeof PORTS,
  work: (scratch: Scratch) => Promise<number>,
  before: (context: Context) => void = () => undefined,
): Promise<void> {
  return guarded((signal) => onServers(scratchContext(name, signal), work, before));
}

/** As `runOnScratch`, on the servers, data and ports of the system that `npm start` has brought up in this clone. */
export function runOnRunning(work: (scratch: Scratch) => Promise<number>): Promise<void> {
  return guarded((signal) => onRunning(createContext('start', surroundings(signal)), work));
}

async function guarded(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  // Whoever reads our output may go away (`| head`); what was started has to be stopped all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    process.exitCode = await work(controller.signal);
  } catch (error) {
    process.exitCode = explain(error, controller.signal.aborted);
  }
}
