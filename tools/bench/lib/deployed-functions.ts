import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { publish } from './servers.ts';
import { buildStart, inlineSource } from './start-events.ts';
import { until } from './until.ts';

export interface DeployedFunction {
  service: string;
  url: string;
}

const TENANT = 'bench';
/** The answer says which process gave it. */
const SOURCE = inlineSource('module.exports = async () => ({ pid: process.pid });\n');

/** Builds one source, deploys it as so many functions of one tenant, and returns when each has been ready once. */
export async function deployFunctions(
  servers: { client: pg.Client; channel: ConfirmChannel; signal: AbortSignal },
  count: number,
  timeoutSeconds: number,
): Promise<DeployedFunction[]> {
  const { client, channel, signal } = servers;
  const data = { source: SOURCE, deploy: { timeout_seconds: timeoutSeconds } };
  for (let number = 0; number < count; number += 1) {
    await publish(channel, buildStart(`deploy/${number}`, { tenant: TENANT, parser: `f-${number}` }, data));
  }
  const query = `select service, url from functions where tenant = $1 and applied_status = 'ready' order by service`;
  const ready = async () => (await client.query<DeployedFunction>(query, [TENANT])).rows;
  await until(`${count} functions have to be ready`, signal, async () => (await ready()).length === count);
  return ready();
}
