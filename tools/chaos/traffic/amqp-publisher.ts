import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel, Message as Returned } from 'amqplib';
import { RETRY_AFTER, closeAmqp, connectAmqp } from './amqp-link.ts';
import type { Message } from './encode.ts';

/** Milliseconds that the broker has to confirm a message. */
const CONFIRM_LIMIT = 2_000;

interface Link {
  connection: ChannelModel;
  channel: ConfirmChannel;
  /** Serials of messages that no queue took. */
  returned: Set<string>;
}

/** Publishes as an at-least-once client does: the same message again, on a new connection, until the broker confirms it. */
export class AmqpPublisher {
  private readonly url: string;
  private readonly exchange: string;
  private readonly onFailure: () => void;
  private link: Promise<Link> | undefined;
  private serial = 0;

  /** `onFailure` is called for each try that was not confirmed. */
  constructor(url: string, exchange: string, onFailure: () => void) {
    this.url = url;
    this.exchange = exchange;
    this.onFailure = onFailure;
  }

  /**
   * Resolves when the broker has taken the message over. A message that reaches no queue counts as not taken; but while
   * somebody listens to the whole exchange every message reaches one. Rejects only when the signal aborts.
   */
  async publish(message: Message, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (await this.attempt(message)) return;
      this.onFailure();
      await delay(RETRY_AFTER, undefined, { signal });
    }
  }

  async close(): Promise<void> {
    const link = await this.link?.catch(() => undefined);
    this.link = undefined;
    if (link) await closeAmqp(link.connection);
  }

  /** Whether it was taken over. After a failure nobody knows what the connection still holds, so it is given up. */
  private async attempt(message: Message): Promise<boolean> {
    const opening = (this.link ??= this.open());
    try {
      await this.confirmed(await opening, message);
      return true;
    } catch {
      this.giveUp(opening);
      return false;
    }
  }

  private giveUp(opening: Promise<Link>): void {
    // Many messages fail with one connection: the first of them ends it.
    if (this.link !== opening) return;
    this.link = undefined;
    void opening.then(({ connection }) => closeAmqp(connection)).catch(() => undefined);
  }

  private async open(): Promise<Link> {
    const connection = await connectAmqp(this.url, 'chaos traffic');
    try {
      const channel = await connection.createConfirmChannel();
      const returned = new Set<string>();
      channel.on('error', () => undefined);
      // A return comes before the confirm of the same message (RabbitMQ docs, "Publisher Confirms").
      channel.on('return', ({ properties }: Returned) => returned.add(String(properties.correlationId)));
      return { connection, channel, returned };
    } catch (error) {
      void closeAmqp(connection);
      throw error;
    }
  }

  private confirmed({ channel, returned }: Link, message: Message): Promise<void> {
    this.serial += 1;
    const correlationId = String(this.serial);
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('not confirmed in time')), CONFIRM_LIMIT);
      const settle = (error: unknown): void => {
        clearTimeout(limit);
        if (error) reject(error);
        else if (returned.delete(correlationId)) reject(new Error('no queue took it'));
        else resolve();
      };
      const options = { ...message.options, correlationId, mandatory: true };
      try {
        channel.publish(this.exchange, message.routingKey, message.content, options, settle);
      } catch (error) {
        settle(error);
      }
    });
  }
}
