import { addressesFor } from './app-environment.ts';
import { ensureBroker } from './broker.ts';
import type { Context } from './context.ts';
import { ensureDatabase } from './database.ts';
import type { Addresses, RunRecord } from './run-record.ts';

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Brings PostgreSQL and RabbitMQ up and records where everything is to be found. */
export async function startServers(context: Context, record: RunRecord): Promise<Addresses> {
  const { steps } = context;
  const database = await steps.run('PostgreSQL', () => ensureDatabase(context, record), withoutPassword);
  const broker = await steps.run(
    'RabbitMQ',
    (note) => ensureBroker(context, record, note),
    ({ amqp }) => withoutPassword(amqp),
  );
  const addresses = { ...broker, database, ...addressesFor(context.ports) };
  record.setAddresses(addresses);
  return addresses;
}
