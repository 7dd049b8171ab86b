import { randomBytes } from 'node:crypto';
import { ConsoleLogger } from '@nestjs/common';
import { DEFAULT_NAMING, EVENT_EXCHANGE, QUEUES, type CloudEvent } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import {
  Broker,
  DeadLetters,
  OutboxRelay,
  Publisher,
  QueueConsumer,
  Topology,
  type Handler,
  type WaitFor,
} from '../src';
import { OutsideClient, brokerUrl, eventually } from '@slipway/testing';
import { testLedger, type TestLedger } from '../../ledger/test/test-ledger';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nestLog = new ConsoleLogger({ logLevels: [] });
const START = `${DEFAULT_NAMING.typePrefix}build.start`;

function event(id: string, data: unknown = {}): CloudEvent {
  return {
    id,
    source: 'network.notifi.acme',
    type: START,
    specversion: '1.0',
    subject: 'greet',
    extensions: {},
    data,
  };
}

describe('messaging on a real RabbitMQ', () => {
  const queueSuffix = `test-${randomBytes(4).toString('hex')}`;
  const topology = new Topology({ naming: DEFAULT_NAMING, queueSuffix });
  const queue = QUEUES.buildEvents;
  let broker: Broker;
  let publisher: Publisher;
  let outside: OutsideClient;
  let given: TestLedger;

  beforeAll(async () => {
    broker = new Broker({ url: brokerUrl(), name: 'spec', logger: nestLog });
    publisher = new Publisher(broker, (channel) => topology.declare(channel), 2_000);
    outside = await OutsideClient.connect();
    await broker.open();
    await eventually('the connection', () => broker.connected || undefined);
    await topology.declare(outside.channel);
    given = await testLedger();
  });

  afterAll(async () => {
    for (const definition of Object.values(QUEUES)) {
      await outside.channel.deleteQueue(topology.queueName(definition));
      await outside.channel.deleteQueue(topology.deadLetterName(definition));
    }
    await publisher.close();
    await broker.close();
    await outside.close();
    await given.close();
  });

  async function consuming(
    handler: Handler,
    work: (consumer: QueueConsumer) => Promise<void>,
    waitFor: WaitFor = () => undefined,
  ): Promise<void> {
    const consumer = new QueueConsumer(
      broker,
      topology,
      new DeadLetters(topology, publisher),
      { queue, handler, lenient: true, waitFor },
      silent,
    );
    consumer.start();
    await eventually('the consumer', () => consumer.consuming || undefined);
    await work(consumer).finally(() => consumer.stop());
  }

  const publish = (id: string, data?: unknown): Promise<void> =>
    publisher.publish({ exchange: EVENT_EXCHANGE, routingKey: START, mandatory: true }, event(id, data));

  it('brings an event to its handler and acks it', async () => {
    const seen: string[] = [];
    await consuming(
      async (delivery) => (seen.push(delivery.event.id), 'done'),
      async () => {
        await publish('one');
        await eventually('the event', () => seen.includes('one') || undefined);
      },
    );
    expect((await outside.channel.checkQueue(topology.queueName(queue))).messageCount).toBe(0);
  });

  it('gives a channel up whose questions are not answered in time, and the connection serves on', async () => {
    const impatient = new Broker({ url: brokerUrl(), name: 'impatient', logger: nestLog, answerMs: 300 });
    await impatient.open();
    await eventually('the connection', () => impatient.connected || undefined);
    const closed = jest.fn();
    const unanswered = impatient.channel((channel) => {
      channel.on('close', closed);
      return new Promise(() => undefined);
    });
    await expect(unanswered).rejects.toMatchObject({
      code: 'unavailable',
      message: 'RabbitMQ did not answer within 300 ms.',
    });
    await eventually('the end of the channel', () => closed.mock.calls.length === 1 || undefined);
    const next = await impatient.channel((channel) => topology.declare(channel));
    await next.close();
    await impatient.close();
  });

  it('fails a mandatory publish that reaches no queue', async () => {
    const lost = publisher.publish(
      { exchange: EVENT_EXCHANGE, routingKey: 'nobody.listens', mandatory: true },
      event('x'),
    );
    await expect(lost).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('writes events whose attributes are longer than AMQP properties, and from before 1970', async () => {
    const seen = await outside.listen(EVENT_EXCHANGE, `long.${queueSuffix}`);
    const long = { ...event('x'.repeat(300)), time: '1960-01-01T00:00:00Z' };
    await publisher.publish({ exchange: EVENT_EXCHANGE, routingKey: `long.${queueSuffix}` }, long);
    await eventually('the event', () => seen[0]);
    expect(seen[0]!.properties.messageId).toBeUndefined();
    expect(seen[0]!.properties.headers).toMatchObject({ 'ce-id': long.id });
  });

  it('goes on publishing after a message that cannot be written at all', async () => {
    const routingKey = 'k'.repeat(300);
    await expect(
      publisher.publish({ exchange: EVENT_EXCHANGE, routingKey }, event('bad')),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    await publisher.publish({ exchange: EVENT_EXCHANGE, routingKey: 'anything' }, event('good'));
  });

  it('sends what stands behind a row of the outbox that cannot be read', async () => {
    const seen = await outside.listen(EVENT_EXCHANGE, `behind.${queueSuffix}`);
    const message = (id: string) => ({
      exchange: EVENT_EXCHANGE,
      routingKey: `behind.${queueSuffix}`,
      partitionKey: 'acme/one-shard',
      mandatory: false,
      event: event(id),
    });
    await given.ledger.publish([
      { ...message('broken'), event: { ...event('broken'), id: '' } },
      message('whole'),
    ]);
    const relay = new OutboxRelay(given.ledger, broker, publisher, silent);
    relay.start();
    await eventually('the whole one', () => seen.find((one) => one.properties.messageId === 'whole'));
    await relay.stop();
  });

  it.each<[string, Handler, string]>([
    ['a dead verdict', async () => ({ dead: 'unknown_build', detail: 'none' }), 'unknown_build'],
    [
      'a lasting failure',
      async () => {
        throw new SlipwayError('invalid_event', 'wrong');
      },
      'invalid_event',
    ],
    [
      'a value that PostgreSQL cannot hold',
      async () => {
        throw Object.assign(new Error('integer out of range'), { code: '22003' });
      },
      'invalid_event',
    ],
  ])('buries the original bytes with the reason after %s', async (_what, handler, reason) => {
    await consuming(handler, async () => {
      await publish('dead', { keep: 'me' });
      const letter = await outside.take(topology.deadLetterName(queue));
      expect(letter.properties.headers).toMatchObject({ 'x-reason': reason });
      expect(JSON.parse(letter.content.toString())).toEqual({ keep: 'me' });
    });
  });

  it('tries a handler that breaks three times and then buries the message', async () => {
    let tries = 0;
    const handler: Handler = async () => {
      tries += 1;
      throw new Error('broken');
    };
    await consuming(handler, async () => {
      await publish('breaks');
      const letter = await outside.take(topology.deadLetterName(queue));
      expect(letter.properties.headers).toMatchObject({ 'x-reason': 'internal_error' });
    });
    expect(tries).toBe(3);
  });

  it('buries nothing for what fails while it stops, and somebody else gets the message', async () => {
    let fail: (error: Error) => void = () => undefined;
    const failing = new Promise<'done'>((_resolve, reject) => (fail = reject));
    const handler = jest.fn(() => failing);
    await consuming(handler, async (consumer) => {
      await publish('stopping');
      await eventually('the try', () => handler.mock.calls.length === 1 || undefined);
      const stopped = consumer.stop();
      fail(new Error('driver has already been destroyed'));
      await stopped;
    });
    expect(handler).toHaveBeenCalledTimes(1);
    const seen: string[] = [];
    await consuming(
      async ({ event: again }) => (seen.push(again.id), 'done'),
      async () =>
        eventually('the message again', () => seen.includes('stopping') || undefined).then(() => undefined),
    );
    expect((await outside.channel.checkQueue(topology.deadLetterName(queue))).messageCount).toBe(0);
  });

  it('buries what is no event without troubling its neighbours', async () => {
    const seen: string[] = [];
    await consuming(
      async (delivery) => (seen.push(delivery.event.id), 'done'),
      async () => {
        outside.publish(EVENT_EXCHANGE, START, 'rubbish');
        await publish('good');
        await eventually('the good event', () => seen.includes('good') || undefined);
        const letter = await outside.take(topology.deadLetterName(queue));
        expect(letter.properties.headers).toMatchObject({ 'x-reason': 'not_a_cloudevent' });
      },
    );
  });

  it.each<[string, Buffer, Record<string, unknown>, string]>([
    ['larger than its queue takes', Buffer.alloc(QUEUES.buildEvents.maxBytes + 1), {}, 'payload_too_large'],
    ['with a header that amqplib cannot write again', Buffer.from('{'), { bad: -1e300 }, 'not_a_cloudevent'],
  ])('buries a message %s', async (_what, content, headers, reason) => {
    await consuming(
      async () => 'done',
      async () => {
        const large = Object.entries(headers).map(([name, value]) => [name, { '!': 'double', value }]);
        outside.publish('', topology.queueName(queue), content, { headers: Object.fromEntries(large) });
        const letter = await outside.take(topology.deadLetterName(queue));
        expect(letter.properties.headers).toMatchObject({ 'x-reason': reason });
        expect(letter.content.equals(content)).toBe(true);
      },
    );
  });

  it('buries a later version of a type, whatever the handler would make of it', async () => {
    const handled = jest.fn();
    await consuming(
      async (delivery) => (handled(delivery.event.type), 'done'),
      async () => {
        await publisher.publish(
          { exchange: EVENT_EXCHANGE, routingKey: START, mandatory: true },
          { ...event('later'), type: `${START}.v9` },
        );
        const letter = await outside.take(topology.deadLetterName(queue));
        expect(letter.properties.headers).toMatchObject({
          'x-reason': 'unknown_event_type',
          'x-detail': `lambda-build-events does not take "${START}.v9", but build.start, rebuild.start.`,
        });
      },
    );
    expect(handled).not.toHaveBeenCalled();
  });

  it('pauses without burying anything while what it needs is away, and goes on by itself', async () => {
    const taken: string[] = [];
    let away = true;
    let back = (): void => undefined;
    const handler: Handler = async ({ event: { id } }) => {
      if (away) throw new SlipwayError('queue_full', 'no room');
      taken.push(id);
      return 'done';
    };
    const until = new Promise<void>((resolve) => {
      back = resolve;
    });
    const ids = ['waits-1', 'waits-2', 'waits-3'];
    await consuming(
      handler,
      async () => {
        for (const id of ids) await publish(id);
        // All of them lie in the queue again, none with the consumer and none among the dead.
        await eventually('the messages in their queue', async () => {
          const { messageCount, consumerCount } = await outside.channel.checkQueue(topology.queueName(queue));
          return (messageCount === ids.length && consumerCount === 0) || undefined;
        });
        expect(taken).toEqual([]);
        away = false;
        back();
        await eventually('the messages after the pause', () => taken.length === ids.length || undefined);
      },
      () => () => until,
    );
    expect([...taken].sort()).toEqual(ids);
    expect((await outside.channel.checkQueue(topology.deadLetterName(queue))).messageCount).toBe(0);
  });

  it('keeps the order of one function', async () => {
    const seen: string[] = [];
    const ids = Array.from({ length: 30 }, (_, n) => `order-${n}`);
    await consuming(
      async (delivery) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(delivery.event.id);
        return 'done';
      },
      async () => {
        for (const id of ids) await publish(id);
        await eventually('all events', () => seen.length === ids.length || undefined);
      },
    );
    expect(seen).toEqual(ids);
  });

  it('takes the queue up again after it was deleted', async () => {
    const seen: string[] = [];
    await consuming(
      async (delivery) => (seen.push(delivery.event.id), 'done'),
      async (consumer) => {
        await outside.channel.deleteQueue(topology.queueName(queue));
        await eventually('the end of the old consumer', () => !consumer.consuming || undefined);
        await eventually('the new consumer', () => consumer.consuming || undefined);
        await publish('after');
        await eventually('the event', () => seen.includes('after') || undefined);
      },
    );
  });

  it('names the queue and the way out where a queue has other arguments', async () => {
    const other = new Topology({ naming: DEFAULT_NAMING, queueSuffix: `${queueSuffix}-x` });
    const name = other.queueName(queue);
    await outside.channel.assertQueue(name, { durable: true });
    const channel = await broker.channel();
    channel.on('error', () => undefined);
    await expect(other.declare(channel)).rejects.toMatchObject({
      message: expect.stringContaining(name) as string,
      hint: expect.stringContaining('QUEUE_SUFFIX') as string,
    });
    await outside.channel.deleteQueue(name);
    await outside.channel.deleteQueue(other.deadLetterName(queue));
  });

  it('publishes each row of the outbox once, in order per function, with three relays at work', async () => {
    const pattern = `order.${queueSuffix}.*`;
    const seen = await outside.listen(EVENT_EXCHANGE, pattern);
    const messages = Array.from({ length: 120 }, (_, n) => ({
      exchange: EVENT_EXCHANGE,
      routingKey: `order.${queueSuffix}.${n % 4}`,
      partitionKey: `acme/${n % 4}`,
      mandatory: false,
      event: event(`row-${n}`, { n }),
    }));
    const relays = [1, 2, 3].map(() => new OutboxRelay(given.ledger, broker, publisher, silent));
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
