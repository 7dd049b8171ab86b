import { connect, type ConfirmChannel, type Options } from 'amqplib';
import pg from 'pg';

export const EVENT_EXCHANGE = 'cloud-events';

export interface Message {
  exchange: string;
  routingKey: string;
  body: Buffer;
  options: Options.Publish;
}

/** Lends a confirm channel on a connection of its own. */
export async function withChannel<T>(url: string, work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await connect(url, { noDelay: true });
  // What is under way on a lost connection fails by itself; without a listener the loss would end the process.
  connection.on('error', () => undefined);
  try {
    return await work(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}

/** Lends a connection to PostgreSQL. */
export async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // As above.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Resolves when the broker has confirmed the message. */
export function publish(channel: ConfirmChannel, message: Message): Promise<void> {
  const { exchange, routingKey, body, options } = message;
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, body, { ...options, persistent: true }, (error: unknown) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Publishes all, `batch` of them at a time: the next ones go out when the broker has confirmed every one of these. */
export async function publishInBatches(
  channel: ConfirmChannel,
  messages: readonly Message[],
  batch: number,
): Promise<void> {
  for (let from = 0; from < messages.length; from += batch) {
    await Promise.all(messages.slice(from, from + batch).map((message) => publish(channel, message)));
  }
}

/** Declares a quorum queue as Slipway's own are, bound to these types of the event exchange. */
export async function declareQueue(
  channel: ConfirmChannel,
  name: string,
  types: readonly string[] = [],
): Promise<void> {
  await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  for (const type of types) await channel.bindQueue(name, EVENT_EXCHANGE, type);
}

/** One number out of the database, such as a count. */
export async function numberOf(client: pg.Client, query: string, values: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ value: string }>(`select (${query})::float8 as value`, values);
  return Number(rows[0]!.value);
}
