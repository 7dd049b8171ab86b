import { SlipwayError } from '@slipway/domain';
import type { CloudEvent } from '@slipway/contracts';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { encodeBinary } from '../codec/encode';
import type { Broker } from './broker';

export interface PublishTarget {
  exchange: string;
  routingKey: string;
  /** Reaching no queue is then a failure. */
  mandatory?: boolean;
}

const TIMEOUT_MS = 5_000;

/** Nobody knows whether the broker took the message: the way to it is to blame, not the message. */
export class Unconfirmed extends SlipwayError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', message, { cause });
  }
}

interface Pending {
  settle: (error?: Error) => void;
}

/** Publishes with confirms, a time limit, and returns that count as failures. */
export class Publisher {
  private channel: Promise<ConfirmChannel> | undefined;
  private current: ConfirmChannel | undefined;
  private readonly returned = new Set<string>();
  private readonly pending = new Set<Pending>();
  private serial = 0;

  constructor(
    private readonly broker: Broker,
    /** Run on each fresh channel; the sidecar, which may declare nothing, leaves it out. */
    private readonly prepare: (channel: ConfirmChannel) => Promise<void> = async () => undefined,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** Resolves when there is a channel to publish on. Fails with Unconfirmed where none can be had. */
  async ready(): Promise<void> {
    await this.open();
  }

  /** Resolves when the broker has taken the event over. Fails with `unavailable` in every other case. */
  async publish(target: PublishTarget, event: CloudEvent): Promise<void> {
    const { content, options } = encodeBinary(event);
    await this.send(target, content, options);
  }

  /** Publishes bytes as they are, such as those of a dead letter. */
  async send(target: PublishTarget, content: Buffer, options: Options.Publish): Promise<void> {
    const channel = await this.open();
    this.serial += 1;
    const serial = String(this.serial);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        pending.settle(new Unconfirmed(`RabbitMQ did not confirm within ${this.timeoutMs} ms.`));
        // Whatever this channel still has under way is unknown; the next publish takes a fresh one.
        this.drop(channel);
      }, this.timeoutMs);
      const pending: Pending = {
        settle: (error) => {
          clearTimeout(timer);
          this.pending.delete(pending);
          if (error) reject(error);
          else resolve();
        },
      };
      this.pending.add(pending);
      // Only what may come back needs a mark to be told by.
      const headers = target.mandatory ? { ...options.headers, 'x-slipway-serial': serial } : options.headers;
      try {
        channel.publish(
          target.exchange,
          target.routingKey,
          content,
          { ...options, headers, persistent: true, mandatory: target.mandatory ?? false },
          (error: unknown) => {
            const wasReturned = this.returned.delete(serial);
            if (error)
              pending.settle(
                new SlipwayError('unavailable', 'RabbitMQ refused the message.', { cause: error }),
              );
            else if (wasReturned) {
              pending.settle(
                new SlipwayError(
                  'unavailable',
                  `No queue takes "${target.routingKey}" from exchange "${target.exchange}".`,
                ),
              );
            } else pending.settle();
          },
        );
      } catch (error) {
        // The client library counts a message before it has encoded it: after this its confirms would go to others.
        pending.settle(
          new SlipwayError('unavailable', 'The message cannot be written to RabbitMQ.', { cause: error }),
        );
        this.drop(channel);
      }
    });
  }

  private open(): Promise<ConfirmChannel> {
    this.channel ??= this.create().catch((error: unknown) => {
      this.channel = undefined;
      throw new Unconfirmed('No channel to RabbitMQ could be opened.', error);
    });
    return this.channel;
  }

  private async create(): Promise<ConfirmChannel> {
    const channel = await this.broker.channel(async (fresh) => {
      const lost = (): void => this.drop(fresh);
      fresh.on('error', lost);
      fresh.on('close', lost);
      // A return comes before the confirm of the same message (RabbitMQ docs, "Publisher Confirms").
      fresh.on('return', (message: Message) => {
        this.returned.add(String(message.properties.headers?.['x-slipway-serial']));
      });
      await this.prepare(fresh);
    });
    this.current = channel;
    return channel;
  }

  private drop(channel: ConfirmChannel): void {
    // A channel that was replaced already takes nothing with it but what waits on it.
    if (this.current !== channel) return;
    this.current = undefined;
    this.channel = undefined;
    const error = new Unconfirmed('The channel to RabbitMQ was closed before it confirmed.');
    for (const pending of [...this.pending]) pending.settle(error);
    channel.removeAllListeners('close');
    channel.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    const channel = await this.channel?.catch(() => undefined);
    if (channel) await channel.waitForConfirms().catch(() => undefined);
    if (channel) this.drop(channel);
  }
}
