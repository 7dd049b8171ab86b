import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Broker } from '../broker/broker';
import type { Topology } from '../topology/topology';
import type { DeadLetters } from './dead-letters';
import { MessageHandling, type ConsumerLog, type HandlingOptions, type Intake } from './message-handling';

export interface ConsumerOptions extends HandlingOptions {
  /** Messages held at once. Default 64. */
  prefetch?: number;
}

const PREFETCH = 64;
const CHECK_MS = 10_000;
const REOPEN_MS = 1_000;

/** Takes one queue's messages, on a channel that it opens again whenever it is lost. */
export class QueueConsumer implements Intake {
  private readonly handling: MessageHandling;
  private channel: ConfirmChannel | undefined;
  private tag: string | undefined;
  private check: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private opening = false;
  paused = false;
  stopped = false;

  constructor(
    private readonly broker: Broker,
    private readonly topology: Topology,
    deadLetters: DeadLetters,
    private readonly options: ConsumerOptions,
    private readonly log: ConsumerLog,
  ) {
    this.handling = new MessageHandling(topology, deadLetters, options, this, log);
  }

  start(): void {
    this.broker.onConnect(() => void this.open());
    // The broker may cancel a consumer (queue deleted, leader gone) without closing the channel.
    this.check = setInterval(() => void this.verify(), CHECK_MS);
    void this.open();
  }

  /** Whether messages are being taken, or would be if what they need were there. */
  get consuming(): boolean {
    return this.tag !== undefined || this.paused;
  }

  private get queue(): string {
    return this.topology.queueName(this.options.queue);
  }

  private async open(): Promise<void> {
    if (this.stopped || this.paused || this.opening || this.tag || !this.broker.connected) return;
    this.opening = true;
    clearTimeout(this.retry);
    try {
      await this.broker.channel((channel) => this.consumeOn(channel));
    } catch (error) {
      this.log.error(
        { err: error, queue: this.queue },
        'the queue cannot be consumed; it will be tried again',
      );
      this.later();
    } finally {
      this.opening = false;
    }
  }

  private async consumeOn(channel: ConfirmChannel): Promise<void> {
    channel.on('error', (error) =>
      this.log.warn({ err: error, queue: this.queue }, 'consumer channel failed'),
    );
    channel.on('close', () => this.closed(channel));
    this.channel = channel;
    await this.topology.declare(channel);
    await channel.prefetch(this.options.prefetch ?? PREFETCH);
    await this.consume(channel);
  }

  private later(): void {
    if (this.stopped) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.open(), REOPEN_MS);
  }

  private closed(channel: ConfirmChannel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.tag = undefined;
    this.later();
  }

  private async verify(): Promise<void> {
    const channel = this.channel;
    if (!channel || !this.tag) return this.later();
    try {
      await channel.checkQueue(this.queue);
      await channel.checkQueue(this.topology.deadLetterName(this.options.queue));
    } catch (error) {
      this.log.warn({ err: error, queue: this.queue }, 'the queue is gone; it will be declared again');
    }
  }

  private onMessage(channel: ConfirmChannel, message: ConsumeMessage | null): void {
    if (!message) {
      this.log.warn({ queue: this.queue }, 'the broker cancelled the consumer');
      this.tag = undefined;
      void channel.close().catch(() => undefined);
      return;
    }
    this.handling.take(channel, message);
  }

  /** Stops taking messages until what they need is there again. Not a try of any message. */
  async pause(error: unknown, until: () => Promise<void>): Promise<void> {
    if (this.paused || this.stopped) return;
    this.paused = true;
    this.log.warn({ err: error, queue: this.queue }, 'consuming pauses');
    await this.cancel();
    void until()
      .catch((failure: unknown) =>
        this.log.warn({ err: failure, queue: this.queue }, 'the wait was interrupted; consuming is tried'),
      )
      .then(() => {
        this.paused = false;
        this.log.info({ queue: this.queue }, 'consuming goes on');
        return this.resume();
      });
  }

  private async resume(): Promise<void> {
    const { channel } = this;
    if (this.stopped || !channel || this.tag || this.opening) return this.open();
    this.opening = true;
    try {
      await this.broker.answered(this.consume(channel));
    } catch (error) {
      this.log.warn({ err: error, queue: this.queue }, 'consuming could not go on at once');
      // On a channel that does not answer it never will; its end leads to the next.
      void channel.close().catch(() => undefined);
    } finally {
      this.opening = false;
    }
  }

  private async consume(channel: ConfirmChannel): Promise<void> {
    const { consumerTag } = await channel.consume(this.queue, (message) => this.onMessage(channel, message));
    // Answered too late it is another channel's turn, and this one is closing.
    if (this.channel === channel) this.tag = consumerTag;
  }

  private async cancel(): Promise<void> {
    const { channel, tag } = this;
    this.tag = undefined;
    if (!channel || !tag) return;
    await channel.cancel(tag).catch((error: unknown) => {
      this.log.warn({ err: error, queue: this.queue }, 'the consumer could not be cancelled');
    });
  }

  /** Cancels first, so that nothing new comes, then lets what is under way finish. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.check);
    clearTimeout(this.retry);
    await this.cancel();
    await this.handling.finished();
    await this.channel?.close().catch(() => undefined);
  }
}
