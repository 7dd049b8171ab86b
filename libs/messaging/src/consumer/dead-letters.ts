import type { QueueDefinition } from '@slipway/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { Publisher } from '../broker/publisher';
import { rewritable } from '../codec/rewritable';
import type { Topology } from '../topology/topology';
import type { Verdict } from './verdict';

const MAX_DETAIL = 1000;

/** Where messages go that cannot be understood. */
export class DeadLetters {
  constructor(
    private readonly topology: Topology,
    private readonly publisher: Publisher,
  ) {}

  /**
   * Lays the original bytes down with the reason, and those properties that can be written again. Resolves when the broker
   * has them, so the original may be acked then.
   */
  async bury(
    queue: QueueDefinition,
    message: ConsumeMessage,
    verdict: Exclude<Verdict, 'done'>,
  ): Promise<void> {
    // A foreign user id would be refused, an expiration would lose the letter, and copies would go who knows where.
    const { headers, userId: _user, expiration: _expiration, ...properties } = rewritable(message.properties);
    const { CC: _cc, BCC: _bcc, ...kept } = headers ?? {};
    const routingKey = this.topology.deadLetterName(queue);
    await this.publisher.send({ exchange: '', routingKey, mandatory: true }, message.content, {
      ...properties,
      headers: {
        ...kept,
        'x-reason': verdict.dead,
        'x-detail': verdict.detail.slice(0, MAX_DETAIL),
        'x-original-routing-key': message.fields.routingKey,
      },
    });
  }
}
