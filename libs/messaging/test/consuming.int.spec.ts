import { EVENT_EXCHANGE, QUEUES } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import { eventually } from '@slipway/testing';
import type { Handler } from '../src';
import { MessagingSetting, START, event } from './messaging-setting';

describe('consuming from a real RabbitMQ', () => {
  let setting: MessagingSetting;
  beforeAll(async () => {
    setting = await MessagingSetting.create();
  });
  afterAll(() => setting.close());

  it('brings an event to its handler and acks it', async () => {
    const seen: string[] = [];
    await setting.consuming(
      async (delivery) => (seen.push(delivery.event.id), 'done'),
      async () => {
        await setting.publish('one');
        await eventually('the event', () => seen.includes('one') || undefined);
      },
    );
    expect(
      (await setting.outside.channel.checkQueue(setting.topology.queueName(setting.queue))).messageCount,
    ).toBe(0);
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
    await setting.consuming(handler, async () => {
      await setting.publish('dead', { keep: 'me' });
      const letter = await setting.outside.take(setting.topology.deadLetterName(setting.queue));
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
    await setting.consuming(handler, async () => {
      await setting.publish('breaks');
      const letter = await setting.outside.take(setting.topology.deadLetterName(setting.queue));
      expect(letter.properties.headers).toMatchObject({ 'x-reason': 'internal_error' });
    });
    expect(tries).toBe(3);
  });

  it('buries nothing for what fails while it stops, and somebody else gets the message', async () => {
    let fail: (error: Error) => void = () => undefined;
    const failing = new Promise<'done'>((_resolve, reject) => (fail = reject));
    const handler = jest.fn(() => failing);
    await setting.consuming(handler, async (consumer) => {
      await setting.publish('stopping');
      await eventually('the try', () => handler.mock.calls.length === 1 || undefined);
      const stopped = consumer.stop();
      fail(new Error('driver has already been destroyed'));
      await stopped;
    });
    expect(handler).toHaveBeenCalledTimes(1);
    const seen: string[] = [];
    await setting.consuming(
      async ({ event: again }) => (seen.push(again.id), 'done'),
      async () =>
        eventually('the message again', () => seen.includes('stopping') || undefined).then(() => undefined),
    );
    expect(
      (await setting.outside.channel.checkQueue(setting.topology.deadLetterName(setting.queue))).messageCount,
    ).toBe(0);
  });

  it('buries what is no event without troubling its neighbours', async () => {
    const seen: string[] = [];
    await setting.consuming(
      async (delivery) => (seen.push(delivery.event.id), 'done'),
      async () => {
        setting.outside.publish(EVENT_EXCHANGE, START, 'rubbish');
        await setting.publish('good');
        await eventually('the good event', () => seen.includes('good') || undefined);
        const letter = await setting.outside.take(setting.topology.deadLetterName(setting.queue));
        expect(letter.properties.headers).toMatchObject({ 'x-reason': 'not_a_cloudevent' });
      },
    );
  });

  it.each<[string, Buffer, Record<string, unknown>, string]>([
    ['larger than its queue takes', Buffer.alloc(QUEUES.buildEvents.maxBytes + 1), {}, 'payload_too_large'],
    ['with a header that amqplib cannot write again', Buffer.from('{'), { bad: -1e300 }, 'not_a_cloudevent'],
  ])('buries a message %s', async (_what, content, headers, reason) => {
    await setting.consuming(
      async () => 'done',
      async () => {
        const large = Object.entries(headers).map(([name, value]) => [name, { '!': 'double', value }]);
        setting.outside.publish('', setting.topology.queueName(setting.queue), content, {
          headers: Object.fromEntries(large),
        });
        const letter = await setting.outside.take(setting.topology.deadLetterName(setting.queue));
        expect(letter.properties.headers).toMatchObject({ 'x-reason': reason });
        expect(letter.content.equals(content)).toBe(true);
      },
    );
  });

  it('buries a later version of a type, whatever the handler would make of it', async () => {
    const handled = jest.fn();
    await setting.consuming(
      async (delivery) => (handled(delivery.event.type), 'done'),
      async () => {
        await setting.publisher.publish(
          { exchange: EVENT_EXCHANGE, routingKey: START, mandatory: true },
          { ...event('later'), type: `${START}.v9` },
        );
        const letter = await setting.outside.take(setting.topology.deadLetterName(setting.queue));
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
    await setting.consuming(
      handler,
      async () => {
        for (const id of ids) await setting.publish(id);
        // All of them lie in the queue again, none with the consumer and none among the dead.
        await eventually('the messages in their queue', async () => {
          const { messageCount, consumerCount } = await setting.outside.channel.checkQueue(
            setting.topology.queueName(setting.queue),
          );
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
    expect(
      (await setting.outside.channel.checkQueue(setting.topology.deadLetterName(setting.queue))).messageCount,
    ).toBe(0);
  });

  it('keeps the order of one function', async () => {
    const seen: string[] = [];
    const ids = Array.from({ length: 30 }, (_, n) => `order-${n}`);
    await setting.consuming(
      async (delivery) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(delivery.event.id);
        return 'done';
      },
      async () => {
        for (const id of ids) await setting.publish(id);
        await eventually('all events', () => seen.length === ids.length || undefined);
      },
    );
    expect(seen).toEqual(ids);
  });

  it('takes the queue up again after it was deleted', async () => {
    const seen: string[] = [];
    await setting.consuming(
      async (delivery) => (seen.push(delivery.event.id), 'done'),
      async (consumer) => {
        await setting.outside.channel.deleteQueue(setting.topology.queueName(setting.queue));
        await eventually('the end of the old consumer', () => !consumer.consuming || undefined);
        await eventually('the new consumer', () => consumer.consuming || undefined);
        await setting.publish('after');
        await eventually('the event', () => seen.includes('after') || undefined);
      },
    );
  });
});
