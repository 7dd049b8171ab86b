import { aptInstall } from './apt.ts';
import { dockerWorks, startBrokerContainer } from './broker-docker.ts';
import { brokerAnswers } from './broker-handshake.ts';
import { BROKER_PROCESS, findBrokerScript, startBrokerNode } from './broker-node.ts';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';
import { loadSecrets } from './secrets.ts';

export interface BrokerUrls {
  amqp: string;
  /** For a user that may only write reports; the same as `amqp` where the caller's broker has no such user. */
  sidecarAmqp: string;
}

async function given(context: Context, amqp: string): Promise<BrokerUrls> {
  if (await brokerAnswers(amqp)) return { amqp, sidecarAmqp: context.env.SIDECAR_AMQP_URL ?? amqp };
  throw new Refusal(
    'AMQP_URL names a RabbitMQ that does not answer: start it or correct its user and password, or unset AMQP_URL so that Slipway starts one of its own.',
  );
}

/**
 * Brings RabbitMQ up: the one of AMQP_URL, else a node of our own from what is installed, from Docker, or from apt, in
 * this order. A broker that happens to run on this machine is never used unasked. Throws a Refusal where none can be had.
 */
export async function ensureBroker(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<BrokerUrls> {
  if (context.env.AMQP_URL) return given(context, context.env.AMQP_URL);
  const secrets = loadSecrets(context.state.secrets);
  const running = record.running(BROKER_PROCESS);
  const port = running?.port ?? context.ports.amqp;
  const urls = {
    amqp: `amqp://slipway:${secrets.broker}@127.0.0.1:${port}`,
    sidecarAmqp: `amqp://slipway-sidecar:${secrets.sidecar}@127.0.0.1:${port}`,
  };
  if (running && (!running.container || (await brokerAnswers(urls.amqp)))) return urls;
  const path = context.env.PATH ?? '';
  let script = findBrokerScript(path);
  if (!script && (await dockerWorks(context))) {
    note('from Docker');
    await startBrokerContainer(context, record, { secrets, url: urls.amqp });
    return urls;
  }
  if (!script) {
    note('trying to install the Debian package rabbitmq-server');
    await aptInstall(context, ['rabbitmq-server']);
    script = findBrokerScript(path);
  }
  if (!script) {
    throw new Refusal(
      'RabbitMQ is missing and could not be installed here: install rabbitmq-server or Docker, or name a running broker with AMQP_URL=amqp://user:password@host:5672.',
    );
  }
  await startBrokerNode(context, record, { script, secrets, url: urls.amqp });
  return urls;
}
