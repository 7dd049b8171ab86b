import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { brokerConfiguration, brokerDefinitions } from './broker-settings.ts';
import { brokerAnswers } from './broker-handshake.ts';
import type { Context } from './context.ts';
import { requireFreePort } from './ports.ts';
import { startTimeOf } from './process-identity.ts';
import { portAccepts } from './readiness.ts';
import { Refusal } from './refusal.ts';
import { runProgram } from './run-program.ts';
import type { RunRecord } from './run-record.ts';
import type { Secrets } from './secrets.ts';
import { startServer } from './server.ts';
import { giveFolder, serviceUser } from './service-user.ts';

export const BROKER_PROCESS = 'rabbitmq';
export const EPMD_PROCESS = 'epmd';

/**
 * The server script of an installed RabbitMQ. Debian's /usr/sbin/rabbitmq-server is a wrapper that changes to the
 * system's own user and data; the script behind it takes ours.
 */
export function findBrokerScript(path: string): string | undefined {
  const inner = [
    '/usr/lib/rabbitmq/bin/rabbitmq-server',
    ...globSync('/usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server'),
  ];
  const onPath = path.split(delimiter).map((folder) => join(folder, 'rabbitmq-server'));
  return [...inner, ...onPath].find((file) => existsSync(file) && file !== '/usr/sbin/rabbitmq-server');
}

function findEpmd(path: string): string | undefined {
  const folders = [...path.split(delimiter), ...globSync('/usr/lib/erlang/erts-*/bin')];
  return folders.map((folder) => join(folder, 'epmd')).find((file) => existsSync(file));
}

function writeFiles(context: Context, secrets: Secrets): void {
  const { broker } = context.state;
  for (const folder of ['home', 'conf.d', 'data', 'log'])
    mkdirSync(join(broker, folder), { recursive: true, mode: 0o700 });
  const write = (name: string, text: string, mode = 0o600) => {
    // Removed first: the cookie is read-only even for its owner.
    rmSync(join(broker, name), { force: true });
    writeFileSync(join(broker, name), text, { mode });
  };
  write(
    'rabbitmq.conf',
    brokerConfiguration(`127.0.0.1:${context.ports.amqp}`, join(broker, 'definitions.json')),
  );
  write('definitions.json', JSON.stringify(brokerDefinitions(secrets)));
  write('advanced.config', '[].\n');
  write('enabled_plugins', '[].\n');
  write('rabbitmq-env.conf', '');
  write(join('home', '.erlang.cookie'), secrets.cookie, 0o400);
}

/** Nothing of the caller's RABBITMQ_* and nothing of /etc/rabbitmq reaches the node: all of it is named here. */
function nodeEnvironment(context: Context): NodeJS.ProcessEnv {
  const { ports, state } = context;
  const at = (name: string) => join(state.broker, name);
  return {
    PATH: context.env.PATH,
    HOME: at('home'),
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `slipway-${state.instance}@localhost`,
    RABBITMQ_DIST_PORT: String(ports.erlangDistribution),
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: at('conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: at('advanced.config'),
    RABBITMQ_CONF_ENV_FILE: at('rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    // Loopback only, and no busy waiting of idle schedulers: this runs beside somebody's other work.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}

/** Runs rabbitmqctl against our own node. Throws a Refusal with what it said where it fails, or where it is not installed. */
export async function runBrokerTool(context: Context, args: readonly string[]): Promise<void> {
  const script = findBrokerScript(context.env.PATH ?? '');
  if (!script) throw new Refusal('rabbitmqctl is missing: install rabbitmq-server.');
  const user = serviceUser(context.asRoot, 'rabbitmq');
  const { code, output } = await runProgram(join(dirname(script), 'rabbitmqctl'), ['--quiet', ...args], {
    cwd: '/',
    env: nodeEnvironment(context),
    uid: user?.uid,
    gid: user?.gid,
    signal: context.signal,
  });
  if (code !== 0) throw new Refusal(`rabbitmqctl ${args[0]} failed: ${output.trim()}`);
}

/** Starts a RabbitMQ node that is ours alone: own name, ports, data, cookie and users. */
export async function startBrokerNode(
  context: Context,
  record: RunRecord,
  { script, secrets, url }: { script: string; secrets: Secrets; url: string },
): Promise<void> {
  const { ports } = context;
  mkdirSync(context.state.broker, { recursive: true, mode: 0o700 });
  writeFiles(context, secrets);
  const user = serviceUser(context.asRoot, 'rabbitmq');
  giveFolder(context.state.broker, user);
  const env = nodeEnvironment(context);
  const epmd = findEpmd(context.env.PATH ?? '');
  if (epmd && !record.running(EPMD_PROCESS)) {
    // Started by us so that it can be stopped by us: the one that Erlang starts by itself stays for ever.
    await requireFreePort(ports.epmd, "RabbitMQ's port mapper (epmd)", ports);
    const args = ['-port', String(ports.epmd), '-address', '127.0.0.1'];
    // Before the node looks for it: a node that finds none starts one of its own.
    const isReady = async () => (await portAccepts(ports.epmd)) || undefined;
    await startServer(context, record, {
      name: EPMD_PROCESS,
      title: 'epmd',
      port: ports.epmd,
      command: epmd,
      args,
      env,
      user,
      isReady,
    });
  }
  await requireFreePort(ports.amqp, 'RabbitMQ', ports);
  await requireFreePort(ports.erlangDistribution, "RabbitMQ's distribution", ports);
  const isReady = () => brokerAnswers(url);
  await startServer(context, record, {
    name: BROKER_PROCESS,
    title: 'RabbitMQ',
    port: ports.amqp,
    command: script,
    args: [],
    env,
    user,
    isReady,
  });
  // The script only waits for the Erlang machine. From here on that one is followed: killing the script would not end it.
  const pid = Number(readFileSync(join(context.state.broker, 'pid'), 'utf8'));
  record.add({ name: BROKER_PROCESS, port: ports.amqp, pid, startTime: startTimeOf(pid) ?? '' });
}
