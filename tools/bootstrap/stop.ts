import { stopBrokerContainer } from './broker-docker.ts';
import { BROKER_PROCESS, EPMD_PROCESS } from './broker-node.ts';
import type { Context } from './context.ts';
import { DATABASE_PROCESS } from './database.ts';
import { KUBERNETES_PROCESSES } from './kubernetes-processes.ts';
import type { ProcessRecord, RunRecord } from './run-record.ts';
import { S3_PROCESS } from './s3-login.ts';
import { stopSupervisors } from './supervisors.ts';
import { terminate } from './terminate.ts';

/** What is no app in a record of processes. */
export const SERVERS: readonly string[] = [
  BROKER_PROCESS,
  EPMD_PROCESS,
  DATABASE_PROCESS,
  S3_PROCESS,
  ...KUBERNETES_PROCESSES,
];

const TITLES: Record<string, string> = {
  [BROKER_PROCESS]: 'RabbitMQ',
  [DATABASE_PROCESS]: 'PostgreSQL',
  [S3_PROCESS]: 'S3',
};

async function stopApp(entry: ProcessRecord): Promise<void> {
  await terminate(entry, { group: true });
}

async function stopServer(entry: ProcessRecord, env: NodeJS.ProcessEnv): Promise<void> {
  if (entry.container) await stopBrokerContainer(env, entry.container);
  // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
  else if (entry.name === DATABASE_PROCESS) await terminate(entry, { signal: 'SIGINT' });
  else await terminate(entry, { graceMs: 20_000, group: entry.name === BROKER_PROCESS });
}

/**
 * Stops what the record names, save the processes in `keep`: apps, then builds, then the servers. Whatever the
 * record does not name is left alone.
 */
export async function stopAll(
  context: Pick<Context, 'env' | 'state' | 'steps'>,
  record: RunRecord,
  keep: ReadonlySet<string> = new Set(),
): Promise<void> {
  const entries = record.processes().filter(({ name }) => !keep.has(name));
  const apps = entries.filter(({ name }) => !SERVERS.includes(name));
  const forget = (list: readonly ProcessRecord[]) => list.forEach(({ name }) => record.remove(name));
  if (apps.length > 0) await context.steps.run('Stop the apps', () => Promise.all(apps.map(stopApp)));
  forget(apps);
  if (keep.size === 0) await stopSupervisors(context.state.platform);
  for (const name of SERVERS) {
    const entry = entries.find((candidate) => candidate.name === name);
    if (!entry) continue;
    // epmd is a part of RabbitMQ to whoever reads the steps.
    if (name === EPMD_PROCESS) await stopServer(entry, context.env);
    else await context.steps.run(`Stop ${TITLES[name] ?? name}`, () => stopServer(entry, context.env));
    forget([entry]);
  }
}
