import { DEFAULT_NAMING, EVENT_EXCHANGE } from '@slipway/contracts';
import { brokerUrl, eventually } from '@slipway/testing';
import { testLedger, type TestLedger } from '../../ledger/test/test-ledger';
import { Broker, OutboxRelay, Topology } from '../src';
import { MessagingSetting, event, nestLog, silent } from './messaging-setting';

describe('publishing to a real RabbitMQ', () => {
  let setting: MessagingSetting;
  let given: TestLedger;
  beforeAll(async () => {
    setting = await MessagingSetting.create();
    given = await testLedger();
  });
  afterAll(async () => {
    await setting.close();
    await given.close();
  });

  it('gives a channel up whose questions are not answered in time, and the connection serves on', async () => {
    const impatient = new Broker({ url: brokerUrl(), name: 'impatient', logger: nestLog, answerMs: 1_000 });
    await impatient.open();
    await eventually('the connection', () => impatient.connected || undefined);
    const closed = jest.fn();
    const unanswered = impatient.channel((channel) => {
      channel.on('close', closed);
      return new Promise(() => undefined);
    });
    await expect(unanswered).rejects.toMatchObject({
      code: 'unavailable',
      message: 'RabbitMQ did not answer within 1000 ms.',
    });
    await eventually('the end of the channel', () => closed.mock.calls.length === 1 || undefined);
    const next = await impatient.channel((channel) => channel.checkExchange(EVENT_EXCHANGE));
    await next.close();
    await impatient.close();
  });

  it('fails a mandatory publish that reaches no queue', async () => {
    const lost = setting.publisher.publish(
      { exchange: EVENT_EXCHANGE, routingKey: 'nobody.listens', mandatory: true },
      event('x'),
    );
    await expect(lost).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('writes events whose attributes are longer than AMQP properties, and from before 1970', async () => {
    const seen = await setting.outside.listen(EVENT_EXCHANGE, `long.${setting.queueSuffix}`);
    const long = { ...event('x'.repeat(300)), time: '1960-01-01T00:00:00Z' };
    await setting.publisher.publish(
      { exchange: EVENT_EXCHANGE, routingKey: `long.${setting.queueSuffix}` },
      long,
    );
    await eventually('the event', () => seen[0]);
    expect(seen[0]!.properties.messageId).toBeUndefined();
    expect(seen[0]!.properties.headers).toMatchObject({ 'ce-id': long.id });
  });

  it('goes on publishing after a message that cannot be written at all', async () => {
    const routingKey = 'k'.repeat(300);
    await expect(
      setting.publisher.publish({ exchange: EVENT_EXCHANGE, routingKey }, event('bad')),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    await setting.publisher.publish({ exchange: EVENT_EXCHANGE, routingKey: 'anything' }, event('good'));
  });

  it('sends what stands behind a row of the outbox that cannot be read', async () => {
    const seen = await setting.outside.listen(EVENT_EXCHANGE, `behind.${setting.queueSuffix}`);
    const message = (id: string) => ({
      exchange: EVENT_EXCHANGE,
      routingKey: `behind.${setting.queueSuffix}`,
      partitionKey: 'acme/one-shard',
      mandatory: false,
      event: event(id),
    });
    await given.ledger.publish([
      { ...message('broken'), event: { ...event('broken'), id: '' } },
      message('whole'),
    ]);
    const relay = new OutboxRelay(given.ledger, setting.broker, setting.publisher, silent);
    relay.start();
    await eventually('the whole one', () => seen.find((one) => one.properties.messageId === 'whole'));
    await relay.stop();
  });

  it('names the queue and the way out where a queue has other arguments', async () => {
    const other = new Topology({ naming: DEFAULT_NAMING, queueSuffix: `${setting.queueSuffix}-x` });
    const name = other.queueName(setting.queue);
    await setting.outside.channel.assertQueue(name, { durable: true });
    const channel = await setting.broker.channel();
    channel.on('error', () => undefined);
    await expect(other.declare(channel)).rejects.toMatchObject({
      message: expect.stringContaining(name) as string,
      hint: expect.stringContaining('QUEUE_SUFFIX') as string,
    });
    await setting.outside.channel.deleteQueue(name);
    await setting.outside.channel.deleteQueue(other.deadLetterName(setting.queue));
  });

  it('publishes each row of the outbox once, in order per function, with three relays at work', async () => {
    const pattern = `order.${setting.queueSuffix}.*`;
    const seen = await setting.outside.listen(EVENT_EXCHANGE, pattern);
    const messages = Array.from({ length: 120 }, (_, n) => ({
      exchange: EVENT_EXCHANGE,
      routingKey: `order.${setting.queueSuffix}.${n % 4}`,
      partitionKey: `acme/${n % 4}`,
      mandatory: false,
      event: event(`row-${n}`, { n }),
    }));
    const relays = [1, 2, 3].map(
      () => new OutboxRelay(given.ledger, setting.broker, setting.publisher, silent),
    );
    for (const relay of relays) relay.start();
    for (const message of messages) await given.ledger.publish([message]);
    await eventually('all rows', () => seen.length >= messages.length || undefined);
    await Promise.all(relays.map((relay) => relay.stop()));
    expect(seen).toHaveLength(messages.length);
    for (const key of [0, 1, 2, 3]) {
      const mine = seen.filter((message) => message.fields.routingKey.endsWith(`.${key}`));
      const numbers = mine.map((message) => (JSON.parse(message.content.toString()) as { n: number }).n);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });
});
