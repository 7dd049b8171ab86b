import { eventually } from '../proxy/eventually.ts';
import { BrokerForSpecs } from './broker-for-specs.ts';
import { messageOf } from './encode.ts';
import { Subscriber } from './subscriber.ts';
import { sourceOf, typeOf, type Command, type Door } from './wish.ts';

function command(id: string): Command {
  const names = { source: sourceOf('acme'), type: typeOf('build.start'), subject: 'greet' };
  return { specversion: '1.0', id, ...names, data: { n: id } };
}

describe('the subscriber', () => {
  let broker: BrokerForSpecs;
  let subscriber: Subscriber;

  beforeEach(async () => {
    broker = await BrokerForSpecs.open();
    subscriber = await Subscriber.open(broker.url, broker.name, broker.name);
  });
  afterEach(async () => {
    await subscriber.close();
    await broker.close();
  });

  function publish(id: string, door: Door = 'amqp-binary'): void {
    const { routingKey, content, options } = messageOf(command(id), door);
    broker.channel.publish(broker.name, routingKey, content, options);
  }

  const ids = (): string[] => subscriber.events.map(({ id }) => id);

  const came = (count: number): Promise<void> =>
    eventually(`event ${count}`, () => subscriber.events.length >= count);

  it('notes events of both modes, and what comes twice twice', async () => {
    publish('e1', 'amqp-binary');
    publish('e2', 'amqp-structured');
    publish('e2', 'amqp-structured');
    await came(3);
    const { data, id: _id, specversion: _version, ...names } = command('e1');
    expect(subscriber.events[0]).toEqual({ ...names, id: 'e1', data, at: expect.any(Number) as number });
    expect(subscriber.events[1]).toMatchObject({ ...names, id: 'e2', data: { n: 'e2' } });
    expect(ids()).toEqual(['e1', 'e2', 'e2']);
  });

  it('notes what is no JSON and no event with what AMQP says of it', async () => {
    const options = { messageId: 'm1', contentType: 'application/cloudevents+json' };
    broker.channel.publish(broker.name, 'some.key', Buffer.from('{'), options);
    await came(1);
    expect(subscriber.events[0]).toMatchObject({ type: 'some.key', id: 'm1', source: '', data: undefined });
  });

  it('misses nothing of what is published while it is cut off', async () => {
    publish('e1');
    await came(1);
    broker.proxy.refuse(true);
    publish('e2');
    publish('e3');
    broker.proxy.refuse(false);
    await eventually('the last event', () => ids().includes('e3'));
    // What was not acknowledged when the connection broke may come once more.
    expect(new Set(ids())).toEqual(new Set(['e1', 'e2', 'e3']));
  });

  it('has noted everything when it is drained, and not what it is drained with', async () => {
    for (let n = 0; n < 500; n += 1) publish(`e${n}`);
    await broker.channel.waitForConfirms();
    await subscriber.drained();
    expect(new Set(ids()).size).toBe(500);
    expect(subscriber.events).toHaveLength(500);
  });

  it('comes back where its consumer was cancelled', async () => {
    await broker.channel.deleteQueue(broker.name);
    await eventually('the queue', async () => {
      publish('again');
      return ids().includes('again');
    });
  });

  it('deletes its queue at the end, even where its connection broke', async () => {
    // Neither exclusive nor gone with a connection: another one may look at it.
    expect(await broker.channel.checkQueue(broker.name)).toMatchObject({ queue: broker.name });
    broker.proxy.cut();
    await subscriber.close();
    // Under the same name a queue of another kind could not be declared while the first one is there.
    const other = await broker.channel.assertQueue(broker.name, { exclusive: true, durable: false });
    expect(other.messageCount).toBe(0);
    await broker.channel.deleteQueue(broker.name);
  });
});
