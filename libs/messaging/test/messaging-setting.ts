import { randomBytes } from 'node:crypto';
import { ConsoleLogger } from '@nestjs/common';
import { DEFAULT_NAMING, EVENT_EXCHANGE, QUEUES, type CloudEvent } from '@slipway/contracts';
import { OutsideClient, brokerUrl, eventually } from '@slipway/testing';
import {
  Broker,
  DeadLetters,
  Publisher,
  QueueConsumer,
  Topology,
  type ConsumerLog,
  type Handler,
  type WaitFor,
} from '../src';

export const silent: ConsumerLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const nestLog = new ConsoleLogger({ logLevels: [] });

export const START = `${DEFAULT_NAMING.typePrefix}build.start`;

export function event(id: string, data: unknown = {}): CloudEvent {
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

/** Queues of its own on a real RabbitMQ, and a connection to it. */
export class MessagingSetting {
  /** The queue whose messages are consumed. */
  readonly queue = QUEUES.buildEvents;
  readonly queueSuffix = `test-${randomBytes(4).toString('hex')}`;
  readonly topology = new Topology({ naming: DEFAULT_NAMING, queueSuffix: this.queueSuffix });
  readonly broker = new Broker({ url: brokerUrl(), name: 'spec', logger: nestLog });
  readonly publisher = new Publisher(this.broker, (channel) => this.topology.declare(channel), 2_000);

  private constructor(readonly outside: OutsideClient) {}

  static async create(): Promise<MessagingSetting> {
    const setting = new MessagingSetting(await OutsideClient.connect());
    await setting.broker.open();
    await eventually('the connection', () => setting.broker.connected || undefined);
    await setting.topology.declare(setting.outside.channel);
    return setting;
  }

  async close(): Promise<void> {
    for (const definition of Object.values(QUEUES)) {
      await this.outside.channel.deleteQueue(this.topology.queueName(definition));
      await this.outside.channel.deleteQueue(this.topology.deadLetterName(definition));
    }
    await this.publisher.close();
    await this.broker.close();
    await this.outside.close();
  }

  publish(id: string, data?: unknown): Promise<void> {
    return this.publisher.publish(
      { exchange: EVENT_EXCHANGE, routingKey: START, mandatory: true },
      event(id, data),
    );
  }

  /** Runs `work` while the queue is being consumed. */
  async consuming(
    handler: Handler,
    work: (consumer: QueueConsumer) => Promise<void>,
    waitFor: WaitFor = () => undefined,
  ): Promise<void> {
    const { broker, topology, publisher, queue } = this;
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
}
