import { randomUUID } from 'node:crypto';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { FaultProxy } from '../proxy/fault-proxy.ts';

/** A topic exchange of its own on the broker of the specs, so that nothing of theirs reaches an app, and a proxy before it. */
export class BrokerForSpecs {
  readonly name = `chaos-spec-${randomUUID()}`;
  readonly proxy: FaultProxy;
  /** Past the proxy. */
  readonly channel: ConfirmChannel;
  private readonly direct: URL;
  private readonly connection: ChannelModel;

  private constructor(direct: URL, proxy: FaultProxy, connection: ChannelModel, channel: ConfirmChannel) {
    this.direct = direct;
    this.proxy = proxy;
    this.connection = connection;
    this.channel = channel;
  }

  static async open(): Promise<BrokerForSpecs> {
    const text = process.env['AMQP_URL'];
    if (!text)
      throw new Error('AMQP_URL is not set: run the tests with `npm test`, which starts the servers.');
    const direct = new URL(text);
    const proxy = await FaultProxy.listen(
      { host: direct.hostname, port: Number(direct.port || 5672) },
      'amqp',
    );
    const connection = await connect(text);
    const broker = new BrokerForSpecs(direct, proxy, connection, await connection.createConfirmChannel());
    await broker.channel.assertExchange(broker.name, 'topic', { durable: true });
    return broker;
  }

  /** The address through the proxy. */
  get url(): string {
    const through = new URL(this.direct);
    through.host = `127.0.0.1:${this.proxy.port}`;
    return through.href;
  }

  /** A queue that takes everything; it goes with the connection. */
  async bindQueue(): Promise<string> {
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    await this.channel.bindQueue(queue, this.name, '#');
    return queue;
  }

  /** The ids of all messages that lie in the queue now. */
  async idsIn(queue: string): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const message = await this.channel.get(queue, { noAck: true });
      if (!message) return ids;
      ids.push(String(message.properties.messageId));
    }
  }

  async close(): Promise<void> {
    await this.channel.deleteExchange(this.name);
    await this.connection.close();
    await this.proxy.close();
  }
}
