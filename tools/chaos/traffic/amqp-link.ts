import { connect, type ChannelModel } from 'amqplib';

/** Seconds. A broker that is stopped or cut off closes nothing: only its silence tells. */
const HEARTBEAT = 5;
const CONNECT_LIMIT = 5_000;

/** Milliseconds between two tries to connect. */
export const RETRY_AFTER = 500;

/** A connection of its own, shown under the name at the broker. Its loss is told by the event `close`. */
export async function connectAmqp(url: string, name: string): Promise<ChannelModel> {
  const address = new URL(url);
  address.searchParams.set('heartbeat', String(HEARTBEAT));
  const connection = await connect(address.href, {
    timeout: CONNECT_LIMIT,
    noDelay: true,
    clientProperties: { connection_name: name },
  });
  // What goes wrong with a connection also closes it; an unheard 'error' would end the process.
  connection.on('error', () => undefined);
  return connection;
}

/** Resolves when it is closed; one that is broken is given up at the latest when its heartbeat fails. */
export async function closeAmqp(connection: ChannelModel): Promise<void> {
  const gone = new Promise((resolve) => connection.once('close', resolve));
  // What is closed already refuses to be closed again.
  await Promise.race([gone, connection.close().catch(() => undefined)]);
}
