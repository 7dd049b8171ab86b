import type { LoggerService } from '@nestjs/common';
import type { QueueDefinition, EventNaming } from '@slipway/contracts';
import { DueWorker, Ledger, isLedgerAway, type DueStep } from '@slipway/ledger';
import { Broker } from '../broker/broker';
import { Publisher } from '../broker/publisher';
import { DeadLetters } from '../consumer/dead-letters';
import type { ConsumerLog, WaitFor } from '../consumer/message-handling';
import { QueueConsumer } from '../consumer/queue-consumer';
import type { Handler } from '../consumer/verdict';
import { OutboxRelay } from '../relay/outbox-relay';
import { Topology } from '../topology/topology';
import { instrument, type AppMetrics } from './app-metrics';

/** The settings that a ledger app is made from, under the names of their variables. */
export interface LedgerAppSettings {
  DATABASE_URL: string;
  DATABASE_POOL: number;
  AMQP_URL: string;
  QUEUE_SUFFIX?: string;
  EVENT_TYPE_PREFIX: string;
  EVENT_SOURCE_PREFIX: string;
  LENIENT_EVENTS: boolean;
}

/** What the app runs in: its settings, its log, Nest's log and its metrics. */
export interface LedgerAppContext {
  config: LedgerAppSettings;
  logger: ConsumerLog;
  metrics: AppMetrics;
}

export function namingOf(settings: LedgerAppSettings): EventNaming {
  return { typePrefix: settings.EVENT_TYPE_PREFIX, sourcePrefix: settings.EVENT_SOURCE_PREFIX };
}

/** The process's ledger. It is opened when the app starts. */
export function ledgerOf(name: string, { config, logger }: LedgerAppContext): Ledger {
  return new Ledger(
    {
      url: config.DATABASE_URL,
      poolSize: config.DATABASE_POOL,
      applicationName: `slipway-${name}`,
      naming: namingOf(config),
    },
    (error) => logger.warn({ err: error }, 'listening to the ledger was interrupted'),
  );
}

/** A queue and the use case that takes its messages. */
export interface Consumption {
  queue: QueueDefinition;
  handler: Handler;
  /** What the queue's messages wait for besides the ledger. */
  waitFor?: WaitFor;
  /** Messages held at once. */
  prefetch?: number;
}

export interface LedgerAppUseCases {
  consumers: readonly Consumption[];
  steps: readonly DueStep[];
}

const LEDGER_LOOK_MS = 1_000;

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * What every app with a ledger runs: its consumers, its due work and a relay of the outbox, on one connection that consumes
 * and one that publishes (a publisher that the broker holds back must not hold back acks).
 */
export class LedgerApp {
  readonly name = 'ledger and broker';
  private readonly consuming: Broker;
  private readonly publishing: Broker;
  private readonly topology: Topology;
  private readonly relay: OutboxRelay;
  private readonly consumers: QueueConsumer[];
  private readonly workers: DueWorker[];
  private readonly publisher: Publisher;
  private readonly stopping = new AbortController();

  constructor(
    name: string,
    { config, logger: log, metrics }: LedgerAppContext,
    private readonly ledger: Ledger,
    useCases: LedgerAppUseCases,
    nestLog: LoggerService,
  ) {
    const onVerdict = instrument(metrics, ledger);
    this.topology = new Topology({ naming: namingOf(config), queueSuffix: config.QUEUE_SUFFIX });
    this.consuming = new Broker({ url: config.AMQP_URL, name: `${name}-in`, logger: nestLog });
    this.publishing = new Broker({ url: config.AMQP_URL, name: `${name}-out`, logger: nestLog });
    this.publisher = new Publisher(this.publishing, (channel) => this.topology.declare(channel));
    this.relay = new OutboxRelay(ledger, this.publishing, this.publisher, log);
    const deadLetters = new DeadLetters(this.topology, this.publisher);
    this.consumers = useCases.consumers.map(
      ({ queue, handler, waitFor, prefetch }) =>
        new QueueConsumer(
          this.consuming,
          this.topology,
          deadLetters,
          {
            queue,
            handler,
            prefetch,
            lenient: config.LENIENT_EVENTS,
            waitFor: (error) => (isLedgerAway(error) ? () => this.ledgerBack() : waitFor?.(error)),
            onVerdict,
          },
          log,
        ),
    );
    this.workers = useCases.steps.map((step) => new DueWorker(ledger.due, step, log));
  }

  async start(): Promise<void> {
    await this.openLedger();
    await this.publishing.open();
    this.relay.start();
    if (this.consumers.length > 0) {
      await this.consuming.open();
      for (const consumer of this.consumers) consumer.start();
    }
    for (const worker of this.workers) worker.start(this.ledger.notifications);
  }

  /** At the start of a whole system the database may come up after the apps. */
  private async openLedger(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.ledger.open();
      } catch (error) {
        if (tries === 30) throw error;
        await delay(LEDGER_LOOK_MS, this.stopping.signal);
      }
    }
  }

  /**
   * Binds a queue to further types besides those of the catalogue, and lets go of those that are no longer wanted.
   * Fails with `unavailable` while the broker is away.
   */
  async bind(queue: QueueDefinition, add: readonly string[], remove: readonly string[]): Promise<void> {
    const channel = await this.publishing.channel(async (fresh) => {
      await this.topology.declare(fresh);
      const name = this.topology.queueName(queue);
      for (const type of add) await fresh.bindQueue(name, queue.exchange, type);
      for (const type of remove) await fresh.unbindQueue(name, queue.exchange, type);
    });
    await channel.close();
  }

  private async ledgerBack(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const back = await this.ledger.database.ping().then(
        () => true,
        () => false,
      );
      if (back) return;
      await delay(LEDGER_LOOK_MS, this.stopping.signal);
    }
  }

  async check(): Promise<void> {
    await this.ledger.database.ping();
    if (!this.publishing.connected) throw new Error('RabbitMQ is not connected');
    const idle = this.consumers.filter((consumer) => !consumer.consuming);
    if (idle.length > 0)
      throw new Error(`${idle.length} of ${this.consumers.length} queues are not being consumed`);
  }

  /** Messages first, then work, then what both left in the outbox. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await Promise.all(this.workers.map((worker) => worker.stop(graceMs)));
    await this.relay.stop();
    await this.publisher.close();
    if (this.consumers.length > 0) await this.consuming.close();
    await this.publishing.close();
    await this.ledger.close();
  }
}
