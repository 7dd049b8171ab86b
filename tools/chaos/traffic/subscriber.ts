import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { waitFor } from '../../bootstrap/wait.ts';
import type { ReceivedEvent } from '../lib/observed.ts';
import { RETRY_AFTER, closeAmqp, connectAmqp } from './amqp-link.ts';
import { EVENT_EXCHANGE } from './doors.ts';
import { receivedEvent } from './received-event.ts';

const PREFETCH = 100;
/** Milliseconds in which the queue has to be gone at the end. */
const DELETE_LIMIT = 30_000;
/** Milliseconds in which it has to catch up. */
const DRAIN_LIMIT = 60_000;

interface Link {
  connection: ChannelModel;
  lost: Promise<void>;
}

/**
 * Somebody outside who wants to know everything: a durable queue for all events of the exchange, read whenever the broker is
 * there. What comes twice is noted twice.
 */
export class Subscriber {
  readonly events: ReceivedEvent[] = [];
  private readonly url: string;
  private readonly queue: string;
  private readonly exchange: string;
  private ended = false;
  private link: Link | undefined;
  private kept: Promise<void> | undefined;
  /** Ids of the marks that have come, see `drained`. */
  private readonly marks = new Set<string>();

  private constructor(url: string, queue: string, exchange: string) {
    this.url = url;
    this.queue = queue;
    this.exchange = exchange;
  }

  /** Resolves when the queue is bound: from then on nothing is missed. Fails where the broker cannot be reached. */
  static async open(amqpUrl: string, name: string, exchange = EVENT_EXCHANGE): Promise<Subscriber> {
    const subscriber = new Subscriber(amqpUrl, name, exchange);
    subscriber.link = await subscriber.attach();
    subscriber.kept = subscriber.keep();
    return subscriber;
  }

  /** Resolves when all that the queue holds at the call has been noted. Fails where that takes longer than 60 s. */
  async drained(): Promise<void> {
    const mark = randomUUID();
    await this.markEnd(mark);
    const come = await waitFor(() => this.marks.has(mark) || undefined, { limitMs: DRAIN_LIMIT });
    if (!come) throw new Error(`The queue ${this.queue} was not read to its end within ${DRAIN_LIMIT} ms.`);
  }

  /** Stops reading and deletes the queue. Fails where the broker does not do that within 30 s. */
  async close(): Promise<void> {
    this.ended = true;
    if (this.link) await closeAmqp(this.link.connection);
    await this.kept;
    const limit = Date.now() + DELETE_LIMIT;
    while (!(await this.deleted(limit))) await delay(RETRY_AFTER);
  }

  /** Puts a message at the end of the queue; it comes by no exchange, and so is told from every event. */
  private markEnd(mark: string): Promise<void> {
    return this.apart(async (connection) => {
      const channel = await connection.createConfirmChannel();
      channel.sendToQueue(this.queue, Buffer.alloc(0), { messageId: mark, persistent: true });
      await channel.waitForConfirms();
    });
  }

  private async keep(): Promise<void> {
    for (;;) {
      await this.link?.lost;
      if (this.ended) return;
      await delay(RETRY_AFTER);
      // A broker that is away is what this waits for; the queue keeps what comes meanwhile.
      this.link = await this.attach().catch(() => undefined);
      if (this.ended && this.link) await closeAmqp(this.link.connection);
    }
  }

  private async attach(): Promise<Link> {
    const connection = await connectAmqp(this.url, this.queue);
    const lost = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    try {
      await this.consume(connection);
      return { connection, lost };
    } catch (error) {
      await closeAmqp(connection);
      throw error;
    }
  }

  private async consume(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel();
    const giveUp = (): void => void closeAmqp(connection);
    channel.on('error', giveUp);
    await channel.prefetch(PREFETCH);
    await channel.assertExchange(this.exchange, 'topic', { durable: true });
    const args = {
      // It confirms only what is on disk, and the limit keeps it from giving a message up for having been delivered often.
      'x-queue-type': 'quorum',
      'x-delivery-limit': 1_000_000,
      // What a lost connection still holds comes before what follows it.
      'x-single-active-consumer': true,
    };
    await channel.assertQueue(this.queue, { durable: true, arguments: args });
    await channel.bindQueue(this.queue, this.exchange, '#');
    const take = (message: ConsumeMessage | null): void => {
      // The broker ended the consumer.
      if (!message) return giveUp();
      if (message.fields.exchange === '') this.marks.add(String(message.properties.messageId));
      else this.events.push(receivedEvent(message));
      channel.ack(message);
    };
    await channel.consume(this.queue, take, { noAck: false });
  }

  private async deleted(limit: number): Promise<boolean> {
    try {
      await this.apart(async (connection) => {
        await (await connection.createChannel()).deleteQueue(this.queue);
      });
      return true;
    } catch (error) {
      if (Date.now() > limit) throw error;
      return false;
    }
  }

  /** Does something on a connection beside the one that is read from. */
  private async apart(act: (connection: ChannelModel) => Promise<void>): Promise<void> {
    const connection = await connectAmqp(this.url, this.queue);
    try {
      await act(connection);
    } finally {
      await closeAmqp(connection);
    }
  }
}
