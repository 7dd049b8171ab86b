import type { QueueDefinition } from '@slipway/contracts';
import { SlipwayError, causeOf, isSlipwayError, reach } from '@slipway/domain';
import { ledgerError } from '@slipway/ledger';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Broker } from '../broker/broker';
import { decodeMessage } from '../codec/decode';
import type { Topology } from '../topology/topology';
import type { DeadLetters } from './dead-letters';
import type { Delivery, Handler, Verdict } from './verdict';

export interface ConsumerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ConsumerOptions {
  queue: QueueDefinition;
  handler: Handler;
  lenient: boolean;
  /** What an error says to wait for before any message is tried again; undefined where it concerns its message alone. */
  waitFor: WaitFor;
  prefetch?: number;
  onVerdict?: (queue: string, verdict: 'done' | 'dead' | 'requeued') => void;
}

export type WaitFor = (error: unknown) => (() => Promise<void>) | undefined;

const PREFETCH = 64;
const CHECK_MS = 10_000;
const REOPEN_MS = 1_000;
const TRIES_IN_PLACE = 3;

/** Takes one queue's messages, in order per function, and gives each the verdict of its handler. */
export class QueueConsumer {
  private channel: ConfirmChannel | undefined;
  private tag: string | undefined;
  private readonly chains = new Map<string, Promise<void>>();
  private readonly inFlight = new Set<Promise<void>>();
  private check: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private paused = false;
  private stopped = false;
  private opening = false;

  constructor(
    private readonly broker: Broker,
    private readonly topology: Topology,
    private readonly deadLetters: DeadLetters,
    private readonly options: ConsumerOptions,
    private readonly log: ConsumerLog,
  ) {}

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
    const { consumerTag } = await channel.consume(this.queue, (message) => this.onMessage(channel, message));
    // Answered too late it is another channel's turn, and this one is closing.
    if (this.channel === channel) this.tag = consumerTag;
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
    const work = this.chained(channel, message).finally(() => this.inFlight.delete(work));
    this.inFlight.add(work);
  }

  private async chained(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    let delivery: Delivery;
    try {
      delivery = this.deliveryIn(message);
    } catch (error) {
      const cause = causeOf(error, 'not_a_cloudevent');
      return this.settle(channel, message, { dead: cause.code, detail: cause.message });
    }
    const key =
      delivery.event.extensions['partitionkey'] ?? `${delivery.event.source}|${delivery.event.subject ?? ''}`;
    const before = this.chains.get(key) ?? Promise.resolve();
    const mine = before.then(() => this.handle(channel, message, delivery));
    this.chains.set(key, mine);
    await mine;
    if (this.chains.get(key) === mine) this.chains.delete(key);
  }

  private deliveryIn(message: ConsumeMessage): Delivery {
    const { queue, lenient } = this.options;
    const decoded = decodeMessage(message, lenient, queue.maxBytes);
    const type = this.topology.shortType(decoded.event.type);
    const takes = queue.takes ?? queue.types;
    if (takes !== 'any' && (type === undefined || !takes.includes(type))) {
      throw new SlipwayError(
        'unknown_event_type',
        `${queue.name} does not take "${decoded.event.type}", but ${takes.join(', ')}.`,
      );
    }
    return { ...decoded, type, redelivered: message.fields.redelivered, queue: queue.name };
  }

  private async handle(channel: ConfirmChannel, message: ConsumeMessage, delivery: Delivery): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      if (this.paused) return this.requeue(channel, message);
      try {
        const verdict = await this.options.handler(delivery);
        reach('consumer.after-commit-before-ack');
        return await this.settle(channel, message, verdict);
      } catch (error) {
        // Stopping takes away what handlers need: a failure then says nothing of the message.
        if (this.stopped) return this.requeue(channel, message);
        const until = this.options.waitFor(error);
        if (until) {
          this.requeue(channel, message);
          return this.pause(error, until);
        }
        const known = ledgerError(error) ?? error;
        const cause = causeOf(known);
        const fields = { err: error, queue: this.queue, event: delivery.event.id, tries };
        const lasting = isSlipwayError(known) && !cause.retryable;
        if (lasting || tries === TRIES_IN_PLACE) {
          this.log.warn(fields, 'message goes to the dead letters');
          return this.settle(channel, message, { dead: cause.code, detail: cause.message });
        }
        this.log.warn(fields, 'handler failed; the message is handled again');
      }
    }
  }

  private async settle(channel: ConfirmChannel, message: ConsumeMessage, verdict: Verdict): Promise<void> {
    try {
      if (verdict !== 'done') await this.deadLetters.bury(this.options.queue, message, verdict);
      channel.ack(message);
      this.options.onVerdict?.(this.options.queue.name, verdict === 'done' ? 'done' : 'dead');
    } catch (error) {
      // Neither buried nor acked: the channel is closing or the broker is away, and the message comes again.
      this.log.warn({ err: error, queue: this.queue }, 'a message could not be settled');
      this.requeue(channel, message);
    }
  }

  private requeue(channel: ConfirmChannel, message: ConsumeMessage): void {
    try {
      channel.nack(message, false, true);
      this.options.onVerdict?.(this.options.queue.name, 'requeued');
    } catch (error) {
      this.log.warn(
        { err: error, queue: this.queue },
        'the channel closed first; the broker requeues by itself',
      );
    }
  }

  /** Stops taking messages until what they need is there again. Not a try of any message. */
  private async pause(error: unknown, until: () => Promise<void>): Promise<void> {
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
    const channel = this.channel;
    if (this.stopped || !channel || this.tag) return this.open();
    try {
      const { consumerTag } = await channel.consume(this.queue, (message) =>
        this.onMessage(channel, message),
      );
      this.tag = consumerTag;
    } catch (error) {
      this.log.warn({ err: error, queue: this.queue }, 'consuming could not go on at once');
      this.later();
    }
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
    await Promise.allSettled([...this.inFlight]);
    await this.channel?.close().catch(() => undefined);
  }
}
