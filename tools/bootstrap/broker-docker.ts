import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerAnswers } from './broker-handshake.ts';
import { BROKER_PROCESS } from './broker-node.ts';
import { brokerConfiguration, brokerDefinitions } from './broker-settings.ts';
import type { Context } from './context.ts';
import { tellingLine } from './log-file.ts';
import { requireFreePort } from './ports.ts';
import { Refusal } from './refusal.ts';
import { runProgram } from './run-program.ts';
import type { RunRecord } from './run-record.ts';
import type { Secrets } from './secrets.ts';
import { waitFor } from './wait.ts';

const IMAGE = 'rabbitmq:4';

export async function dockerWorks(context: Context): Promise<boolean> {
  return (await runProgram('docker', ['info'], { env: context.env, timeout: 10_000 })).code === 0;
}

/** The container and the volume with its data carry the same name. */
export function containerName(context: Context): string {
  return `slipway-${context.state.instance}`;
}

/** Runs the broker as a container whose data lies in a named volume. Throws a Refusal with Docker's own words. */
export async function startBrokerContainer(
  context: Context,
  record: RunRecord,
  { secrets, url }: { secrets: Secrets; url: string },
): Promise<void> {
  const name = containerName(context);
  const { env, signal, ports } = context;
  const docker = (...args: string[]) => runProgram('docker', args, { env, signal });
  await docker('rm', '--force', '--volumes', name);
  await requireFreePort(ports.amqp, 'RabbitMQ', ports);
  mkdirSync(context.state.broker, { recursive: true, mode: 0o700 });
  const at = (file: string) => join(context.state.broker, file);
  const inside = '/etc/rabbitmq/slipway-definitions.json';
  // Readable by all, since the image's user has a number of its own; the folder around them is not.
  writeFileSync(at('container.conf'), brokerConfiguration('0.0.0.0:5672', inside), { mode: 0o644 });
  writeFileSync(at('definitions.json'), JSON.stringify(brokerDefinitions(secrets)), { mode: 0o644 });
  const { code, output } = await docker(
    ...[
      'run',
      '--detach',
      '--name',
      name,
      '--hostname',
      'slipway',
      '--publish',
      `127.0.0.1:${ports.amqp}:5672`,
    ],
    // What the tests leave behind goes with their container.
    ...(context.purpose === 'start' ? ['--volume', `${name}:/var/lib/rabbitmq`] : []),
    ...['--volume', `${at('definitions.json')}:${inside}:ro`],
    ...['--volume', `${at('container.conf')}:/etc/rabbitmq/conf.d/90-slipway.conf:ro`, IMAGE],
  );
  if (code !== 0)
    throw new Refusal(
      `Docker could not start RabbitMQ (${IMAGE}): ${tellingLine(output.split('\n').filter(Boolean))}`,
    );
  record.add({ name: BROKER_PROCESS, pid: 0, startTime: '', port: ports.amqp, container: name });
  if (await waitFor(() => brokerAnswers(url), { limitMs: 60_000, signal })) return;
  const logs = await docker('logs', '--tail', '50', name);
  throw new Refusal(
    `RabbitMQ in Docker was not ready after 60 s: ${tellingLine(logs.output.split('\n').filter(Boolean))}`,
  );
}

export async function stopBrokerContainer(env: NodeJS.ProcessEnv, container: string): Promise<void> {
  await runProgram('docker', ['stop', '--time', '15', container], { env });
  await runProgram('docker', ['rm', '--force', '--volumes', container], { env });
}
