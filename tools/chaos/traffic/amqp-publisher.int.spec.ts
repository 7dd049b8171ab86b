import { eventually } from '../proxy/eventually.ts';
import { AmqpPublisher } from './amqp-publisher.ts';
import { BrokerForSpecs } from './broker-for-specs.ts';
import { messageOf } from './encode.ts';
import { sourceOf, typeOf, type Command } from './wish.ts';

const COMMAND: Command = {
  specversion: '1.0',
  id: 'e1',
  source: sourceOf('acme'),
  type: typeOf('build.start'),
  subject: 'greet',
  data: { code: 'x' },
};
const MESSAGE = messageOf(COMMAND, 'amqp-binary');

describe('publishing until the broker confirms', () => {
  let broker: BrokerForSpecs;
  let publisher: AmqpPublisher;
  let failures: number;
  const { signal } = new AbortController();

  beforeEach(async () => {
    failures = 0;
    broker = await BrokerForSpecs.open();
    publisher = new AmqpPublisher(broker.url, broker.name, () => (failures += 1));
  });
  afterEach(async () => {
    await publisher.close();
    await broker.close();
  });

  it('sends once what is confirmed, in binary mode', async () => {
    const queue = await broker.bindQueue();
    await publisher.publish(MESSAGE, signal);
    const message = await broker.channel.get(queue, { noAck: true });
    if (!message) throw new Error('the queue is empty');
    expect(message.fields.routingKey).toBe(COMMAND.type);
    expect(message.properties.headers).toEqual({
      'ce-specversion': '1.0',
      'ce-id': 'e1',
      'ce-source': 'network.notifi.acme',
      'ce-type': COMMAND.type,
      'ce-subject': 'greet',
    });
    expect(JSON.parse(message.content.toString())).toEqual(COMMAND.data);
    expect(await broker.idsIn(queue)).toEqual([]);
    expect(failures).toBe(0);
  });

  it('does not take a message for taken over that no queue holds', async () => {
    let done = false;
    const publishing = publisher.publish(MESSAGE, signal).then(() => (done = true));
    await eventually('a failure', () => failures > 0);
    expect(done).toBe(false);
    const queue = await broker.bindQueue();
    await publishing;
    expect(new Set(await broker.idsIn(queue))).toEqual(new Set(['e1']));
  });

  it('sends the same event again where the confirm never comes', async () => {
    const queue = await broker.bindQueue();
    await publisher.publish(MESSAGE, signal);
    broker.proxy.swallowConfirms(1);
    await publisher.publish(MESSAGE, signal);
    expect(failures).toBe(1);
    expect(await broker.idsIn(queue)).toEqual(['e1', 'e1', 'e1']);
  });

  it('outlives a broker that is away', async () => {
    const queue = await broker.bindQueue();
    broker.proxy.refuse(true);
    const publishing = publisher.publish(MESSAGE, signal);
    await eventually('two failures', () => failures > 1);
    broker.proxy.refuse(false);
    await publishing;
    expect(await broker.idsIn(queue)).toEqual(['e1']);
  });

  it('ends with the reason of the signal', async () => {
    broker.proxy.refuse(true);
    const stop = new AbortController();
    const publishing = publisher.publish(MESSAGE, stop.signal);
    stop.abort(new Error('enough'));
    await expect(publishing).rejects.toThrow();
  });
});
