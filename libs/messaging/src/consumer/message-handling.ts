import { setTimeout as pause } from 'node:timers/promises';
import type { QueueDefinition } from '@slipway/contracts';
import { SlipwayError, causeOf, isSlipwayError, reach } from '@slipway/domain';
import { ledgerError } from '@slipway/ledger';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { decodeMessage } from '../codec/decode';
import type { Topology } from '../topology/topology';
import type { DeadLetters } from './dead-letters';
import type { Delivery, Handler, Verdict } from './verdict';

export interface ConsumerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What to wait for before any message is tried again; undefined where an error concerns its message alone. */
export type WaitFor = (error: unknown) => (() => Promise<void>) | undefined;

export interface HandlingOptions {
  queue: QueueDefinition;
  handler: Handler;
  lenient: boolean;
  waitFor: WaitFor;
  onVerdict?: (queue: string, verdict: 'done' | 'dead' | 'requeued') => void;
}

/** What messages are taken by. */
export interface Intake {
  /** Messages are given back: what all of them need is away. */
  readonly paused: boolean;
  /** Stopping takes away what handlers need: a failure then says nothing of the message. */
  readonly stopped: boolean;
  /** Stops taking messages until `until` resolves. */
  pause(error: unknown, until: () => Promise<void>): Promise<void>;
}

const TRIES_IN_PLACE = 3;
const UNSETTLED_MS = 1_000;

/** Brings each message of a queue to its handler, in order per function, and settles it by the verdict. */
export class MessageHandling {
  private readonly chains = new Map<string, Promise<void>>();
  private readonly inFlight = new Set<Promise<void>>();

  constructor(
    private readonly topology: Topology,
    private readonly deadLetters: DeadLetters,
    private readonly options: HandlingOptions,
    private readonly intake: Intake,
    private readonly log: ConsumerLog,
  ) {}

  take(channel: ConfirmChannel, message: ConsumeMessage): void {
    const work = this.chained(channel, message).finally(() => this.inFlight.delete(work));
    this.inFlight.add(work);
  }

  /** Resolves when what was taken is settled. */
  async finished(): Promise<void> {
    await Promise.allSettled([...this.inFlight]);
  }

  private get queue(): string {
    return this.topology.queueName(this.options.queue);
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
      if (this.intake.paused) return this.requeue(channel, message);
      try {
        const verdict = await this.options.handler(delivery);
        reach('consumer.after-commit-before-ack');
        return await this.settle(channel, message, verdict);
      } catch (error) {
        if (this.intake.stopped) return this.requeue(channel, message);
        const until = this.options.waitFor(error);
        if (until) {
          this.requeue(channel, message);
          return this.intake.pause(error, until);
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
      // Not at once: where its dead letters cannot be written it would come and go without end.
      await pause(UNSETTLED_MS, undefined, { ref: false });
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
}
