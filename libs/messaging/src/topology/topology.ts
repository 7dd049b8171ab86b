import {
  EVENT_EXCHANGE,
  QUEUES,
  REPORT_EXCHANGE,
  shortTypeOf,
  type EventNaming,
  type QueueDefinition,
} from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import type { Channel, Options } from 'amqplib';

export interface TopologyOptions {
  naming: EventNaming;
  /** Appended to each queue's name as `-{suffix}`, for installations that share a broker. */
  queueSuffix?: string;
}

/** RabbitMQ counts deliveries on its own; this high, only our own rules decide when a message is dead. */
const DELIVERY_LIMIT = 1_000_000;

/** Names of queues as they stand on the broker. */
export class Topology {
  constructor(private readonly options: TopologyOptions) {}

  queueName(queue: QueueDefinition): string {
    return this.options.queueSuffix ? `${queue.name}-${this.options.queueSuffix}` : queue.name;
  }

  /** The type without our prefix; undefined where it is not one of ours. */
  shortType(type: string): string | undefined {
    return shortTypeOf(type, this.options.naming);
  }

  deadLetterName(queue: QueueDefinition): string {
    return `${this.queueName(queue)}-dlq`;
  }

  private argumentsOf(queue: QueueDefinition): Options.AssertQueue {
    return {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-overflow': 'reject-publish',
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': this.deadLetterName(queue),
        'x-dead-letter-strategy': 'at-least-once',
        'x-delivery-limit': DELIVERY_LIMIT,
      },
    };
  }

  /** Declares everything of the catalogue; doing it again changes nothing. */
  async declare(channel: Channel): Promise<void> {
    await channel.assertExchange(EVENT_EXCHANGE, 'topic', { durable: true });
    await channel.assertExchange(REPORT_EXCHANGE, 'direct', { durable: true });
    for (const queue of Object.values(QUEUES)) await this.declareQueue(channel, queue);
  }

  private async declareQueue(channel: Channel, queue: QueueDefinition): Promise<void> {
    const name = this.queueName(queue);
    await channel.assertQueue(this.deadLetterName(queue), {
      durable: true,
      arguments: { 'x-queue-type': 'quorum' },
    });
    try {
      await channel.assertQueue(name, this.argumentsOf(queue));
    } catch (error) {
      throw explained(error, name);
    }
    if (queue.exchange === REPORT_EXCHANGE) await channel.bindQueue(name, REPORT_EXCHANGE, queue.name);
    for (const type of queue.types) {
      await channel.bindQueue(name, queue.exchange, `${this.options.naming.typePrefix}${type}`);
    }
  }
}

/** RabbitMQ never changes a queue's arguments (406 PRECONDITION_FAILED): says which queue it is and the way out. */
function explained(error: unknown, queue: string): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (!/PRECONDITION[-_]FAILED/i.test(message)) return error;
  return new SlipwayError(
    'unavailable',
    `The queue "${queue}" exists with other arguments than Slipway needs: ${message}`,
    {
      hint: `Let the queue run empty and delete it (rabbitmqctl delete_queue ${queue}), or set QUEUE_SUFFIX to use other names; Slipway then declares it anew.`,
      cause: error,
    },
  );
}
