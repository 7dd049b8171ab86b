import { randomBytes } from 'node:crypto';
import { connect, type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { eventually } from './eventually.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { proxiedServer, serverUrl } from './proxied-server.ts';

const TEN_MIB = 10 * 1024 * 1024;

describe('the fault proxy before a real RabbitMQ', () => {
  let proxy: FaultProxy;
  let connection: ChannelModel;
  let channel: ConfirmChannel;
  let direct: ChannelModel;
  let directly: Channel;
  let queue: string;

  beforeEach(async () => {
    direct = await connect(serverUrl('amqp'));
    directly = await direct.createChannel();
    queue = `fault-proxy-${randomBytes(6).toString('hex')}`;
    await directly.assertQueue(queue, {
      arguments: { 'x-max-length': 3, 'x-overflow': 'reject-publish', 'x-expires': 120_000 },
    });
    const proxied = await proxiedServer('amqp');
    proxy = proxied.proxy;
    connection = await connect(proxied.url);
    connection.on('error', () => undefined);
    channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
  });

  afterEach(async () => {
    await proxy.close();
    await directly.deleteQueue(queue);
    await direct.close();
  });

  /** Publishes through the proxy; what the confirm said is pushed to the list when it comes. */
  function publish(content: string | Buffer, confirms: string[]): void {
    channel.sendToQueue(queue, Buffer.from(content), {}, (error: unknown) =>
      confirms.push(error ? 'nack' : 'ack'),
    );
  }

  const depth = async (): Promise<number> => (await directly.checkQueue(queue)).messageCount;

  it('swallows a confirm while the message is in the queue, and keeps connection and later confirms', async () => {
    const [first, second]: [string[], string[]] = [[], []];
    proxy.swallowConfirms(1);
    publish('one', first);
    await eventually('the swallowed confirm', () => proxy.counts.confirms === 1);
    await eventually('the message', async () => (await depth()) === 1);
    // An answer on the same channel comes after all that the broker sent before it.
    await channel.checkQueue(queue);
    expect(first).toEqual([]);
    publish('two', second);
    await eventually('the second confirm', () => second.length === 1);
    expect(second).toEqual(['ack']);
    expect(proxy.counts).toEqual({ confirms: 1, commits: 0 });
    expect(proxy.connections).toBe(1);
  });

  it('swallows a nack like an ack', async () => {
    const confirms: string[] = [];
    for (const content of ['one', 'two', 'three']) publish(content, confirms);
    await eventually('three confirms', () => confirms.length === 3);
    publish('refused by the full queue', confirms);
    await eventually('the nack', () => confirms.length === 4);
    expect(confirms).toEqual(['ack', 'ack', 'ack', 'nack']);
    proxy.swallowConfirms(1);
    publish('refused without a word', confirms);
    await eventually('the swallowed nack', () => proxy.counts.confirms === 1);
    await channel.checkQueue(queue);
    expect(confirms).toHaveLength(4);
  });

  it('swallows nothing more once it spares what is left', async () => {
    const confirms: string[] = [];
    proxy.swallowConfirms(2);
    publish('one', []);
    await eventually('the swallowed confirm', () => proxy.counts.confirms === 1);
    proxy.spare();
    publish('two', confirms);
    await eventually('the second confirm', () => confirms.length === 1);
    expect(proxy.counts.confirms).toBe(1);
  });

  it('brings 10 MiB through in both directions', async () => {
    const content = randomBytes(TEN_MIB);
    const confirms: string[] = [];
    publish(content, confirms);
    const received = new Promise<Buffer>((resolve, reject) => {
      channel.consume(queue, (message) => message && resolve(message.content), { noAck: true }).catch(reject);
    });
    expect((await received).equals(content)).toBe(true);
    await eventually('the confirm', () => confirms.length === 1);
  });

  it('cuts the connection under a client that waits for a confirm', async () => {
    const confirms: string[] = [];
    const closed = new Promise((resolve) => connection.once('close', resolve));
    proxy.swallowConfirms(1);
    publish('one', confirms);
    await eventually('the swallowed confirm', () => proxy.counts.confirms === 1);
    expect(proxy.cut()).toBe(1);
    await closed;
    await eventually('the message', async () => (await depth()) === 1);
    expect(confirms).not.toContain('ack');
  });

  it('keeps what is published while it is frozen, and brings it through after', async () => {
    const confirms: string[] = [];
    expect(proxy.freeze()).toBe(1);
    publish('one', confirms);
    expect(await depth()).toBe(0);
    expect(confirms).toEqual([]);
    proxy.thaw();
    await eventually('the confirm', () => confirms.length === 1);
    expect(confirms).toEqual(['ack']);
  });
});
