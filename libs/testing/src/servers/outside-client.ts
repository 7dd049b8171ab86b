import { connect, type Channel, type ChannelModel, type ConsumeMessage, type Options } from 'amqplib';

/** The RabbitMQ of the tests: `npm test` starts one and names it. */
export function brokerUrl(): string {
  const url = process.env['AMQP_URL'];
  if (!url)
    throw new Error(
      'AMQP_URL is not set: run the tests with `npm test`, which starts the servers they need.',
    );
  return url;
}

/** Waits for a condition, looking every 20 ms. Fails with the name of what did not come. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  ms = 15_000,
): Promise<T> {
  const limit = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > limit) throw new Error(`${what} did not come within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A plain AMQP client, as somebody outside Slipway would write it. */
export class OutsideClient {
  private constructor(
    private readonly connection: ChannelModel,
    readonly channel: Channel,
  ) {}

  static async connect(url = brokerUrl()): Promise<OutsideClient> {
    const connection = await connect(url);
    return new OutsideClient(connection, await connection.createChannel());
  }

  publish(
    exchange: string,
    routingKey: string,
    content: string | Buffer,
    options: Options.Publish = {},
  ): void {
    this.channel.publish(exchange, routingKey, Buffer.from(content), options);
  }

  /** Everything that comes under a routing key from now on. */
  async listen(exchange: string, pattern: string): Promise<ConsumeMessage[]> {
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    await this.channel.bindQueue(queue, exchange, pattern);
    const seen: ConsumeMessage[] = [];
    await this.channel.consume(queue, (message) => message && seen.push(message), { noAck: true });
    return seen;
  }

  /** Takes one message from a queue, waiting for it. */
  take(queue: string): Promise<ConsumeMessage> {
    return eventually(`a message in ${queue}`, async () => {
      const message = await this.channel.get(queue, { noAck: true });
      return message === false ? undefined : (message as unknown as ConsumeMessage);
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
