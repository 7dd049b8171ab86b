import { AmqpConnection } from '@golevelup/nestjs-rabbitmq';
import type { LoggerService } from '@nestjs/common';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { SlipwayError } from '@slipway/domain';

export interface BrokerOptions {
  url: string;
  /** Shown by the broker beside the connection. */
  name: string;
  logger: LoggerService;
  heartbeatSeconds?: number;
  /** Milliseconds within which the broker has to answer what a fresh channel asks. */
  answerMs?: number;
}

const ANSWER_MS = 20_000;

type Prepare = (channel: ConfirmChannel) => Promise<unknown>;

/** One connection that comes back by itself, and channels on it. What uses a channel opens a new one when it closes. */
export class Broker {
  private readonly connection: AmqpConnection;
  private readonly listeners = new Set<() => void>();
  private current: ChannelModel | undefined;
  private readonly answerMs: number;
  private opened = false;

  constructor(options: BrokerOptions) {
    this.answerMs = options.answerMs ?? ANSWER_MS;
    this.connection = new AmqpConnection({
      uri: options.url,
      name: options.name,
      logger: options.logger,
      enableDirectReplyTo: false,
      registerHandlers: false,
      connectionInitOptions: { wait: false },
      connectionManagerOptions: {
        heartbeatIntervalInSeconds: options.heartbeatSeconds ?? 10,
        reconnectTimeInSeconds: 1,
        connectionOptions: {
          clientProperties: { connection_name: options.name },
          noDelay: true,
          timeout: 5_000,
        },
      },
    });
  }

  async open(): Promise<void> {
    this.opened = true;
    await this.connection.init();
    const manager = this.connection.managedConnection;
    manager.on('connect', ({ connection }) => {
      this.current = connection as unknown as ChannelModel;
      // A channel that fails tells its own user; without a listener the same error would end the process.
      this.current.on('error', () => undefined);
      for (const listener of this.listeners) listener();
    });
    manager.on('disconnect', () => {
      this.current = undefined;
    });
    if (manager.isConnected()) this.current = this.connection.connection as unknown as ChannelModel;
  }

  get connected(): boolean {
    return this.current !== undefined;
  }

  /** Called at each connect, the first included if it is still to come. */
  onConnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * A fresh confirm channel on which `prepare` has run. Fails with `unavailable` while the broker is away, and where it does
   * not answer in time: a queue whose leader is gone keeps whoever asks for it waiting, and the client library waits for ever.
   */
  async channel(prepare: Prepare = async () => undefined): Promise<ConfirmChannel> {
    if (!this.current) throw new SlipwayError('unavailable', 'RabbitMQ is not connected.');
    const opening = this.current.createConfirmChannel();
    const prepared = opening.then(async (channel) => {
      // Whoever uses it hears of it by the failure; without a listener the error would end the connection.
      channel.on('error', () => undefined);
      await prepare(channel);
      return channel;
    });
    try {
      return await this.answered(prepared);
    } catch (error) {
      // Whatever it is still asked for ends with it; a failed one is closed already.
      void opening.then((channel) => channel.close()).catch(() => undefined);
      throw error;
    }
  }

  /** What the broker was asked for. Fails with `unavailable` where it does not answer in time. */
  async answered<T>(asked: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new SlipwayError('unavailable', `RabbitMQ did not answer within ${this.answerMs} ms.`)),
        this.answerMs,
      );
    });
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    if (this.opened) await this.connection.close();
  }
}
