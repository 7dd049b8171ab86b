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
}

/** One connection that comes back by itself, and channels on it. What uses a channel opens a new one when it closes. */
export class Broker {
  private readonly connection: AmqpConnection;
  private readonly listeners = new Set<() => void>();
  private current: ChannelModel | undefined;

  constructor(options: BrokerOptions) {
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

  /** A fresh confirm channel. Fails with `unavailable` while the broker is away. */
  async channel(): Promise<ConfirmChannel> {
    if (!this.current) throw new SlipwayError('unavailable', 'RabbitMQ is not connected.');
    return this.current.createConfirmChannel();
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
