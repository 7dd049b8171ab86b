import { createHash } from 'node:crypto';
import { QUEUES, type QueueDefinition } from '@slipway/contracts';
import { brokerUrl, eventually, type OutsideClient } from '@slipway/testing';
import { connect, type ConsumeMessage } from 'amqplib';
import type { GarbageMessage } from './garbage-messages';
import { System } from './system';

export const ALL_QUEUES: readonly QueueDefinition[] = Object.values(QUEUES);

export interface Verdicts {
  done: number;
  dead: number;
}

export interface DeadLetter {
  reason: string;
  detail: string;
  sha256: string;
}

export interface AppProcess {
  name: string;
  pid: number;
  port: number;
  ready: boolean;
}

/** Every process of the system, as `npm run status` sees it. */
export async function processes(): Promise<AppProcess[]> {
  return (await System.status()).processes as unknown as AppProcess[];
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Whether the broker takes a message of so many bytes. It closes the channel of whoever sends more than its own limit, by
 * default 16 MiB from RabbitMQ 4.0 on and 128 MiB before.
 */
export async function brokerTakes(bytes: number): Promise<boolean> {
  const connection = await connect(brokerUrl());
  try {
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    return await new Promise((resolve) => {
      channel.on('error', () => resolve(false));
      channel.sendToQueue(queue, Buffer.alloc(bytes), {}, (error) => resolve(!error));
    });
  } finally {
    await connection.close();
  }
}

async function verdictsAt(port: number, queue: QueueDefinition): Promise<Verdicts> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const of = (verdict: string): number => {
    const line = new RegExp(
      `^slipway_messages_total\\{queue="${queue.name}",verdict="${verdict}"\\} (\\d+)`,
      'm',
    );
    return Number(line.exec(text)?.[1] ?? 0);
  };
  return { done: of('done'), dead: of('dead') };
}

/** Keeps the books of what goes into each queue and what comes of it. */
export class QueueAccount {
  private readonly sent = new Map<string, string>();
  private readonly dead = new Map<string, DeadLetter>();
  private before!: Verdicts;
  private others!: ConsumeMessage[];

  private constructor(
    readonly queue: QueueDefinition,
    private readonly outside: OutsideClient,
    private readonly port: number,
  ) {}

  static async open(queue: QueueDefinition, outside: OutsideClient): Promise<QueueAccount> {
    const consumer = (await processes()).find(({ name }) => name === queue.consumer);
    if (!consumer) throw new Error(`${queue.consumer} is not among the processes`);
    const account = new QueueAccount(queue, outside, consumer.port);
    await outside.channel.purgeQueue(`${queue.name}-dlq`);
    account.before = await verdictsAt(account.port, queue);
    account.others = await outside.listen(queue.exchange, queue.types.length === 0 ? queue.name : '#');
    return account;
  }

  /** Past every exchange, so that what the system itself says can be told from it. */
  send({ content, options }: GarbageMessage): void {
    const appId = `${this.queue.name}/${this.sent.size}`;
    this.sent.set(appId, sha256Of(content));
    this.outside.publish('', this.queue.name, content, { ...options, appId });
  }

  /** What the system itself and the neighbours put into this queue since. */
  private routed(): number {
    if (this.queue.types.length === 0) return this.others.length;
    return this.others.filter(({ fields }) =>
      this.queue.types.some((type) => fields.routingKey === `network.notifi.lambda.${type}`),
    ).length;
  }

  private async verdicts(): Promise<Verdicts> {
    const now = await verdictsAt(this.port, this.queue);
    return { done: now.done - this.before.done, dead: now.dead - this.before.dead };
  }

  /** Waits until each message that came into the queue has its verdict, and none is left. */
  async settled(ms: number): Promise<Verdicts> {
    return eventually(
      `a verdict on each message of ${this.queue.name}`,
      async () => {
        const verdicts = await this.verdicts();
        const { messageCount } = await this.outside.channel.checkQueue(this.queue.name);
        const expected = this.sent.size + this.routed();
        return verdicts.done + verdicts.dead === expected && messageCount === 0 ? verdicts : undefined;
      },
      ms,
    );
  }

  /** Takes the dead letters out by their names. A broker that confirms late is given a letter twice, which counts once. */
  async deadLetters(count: number): Promise<ReadonlyMap<string, DeadLetter>> {
    await this.outside.channel.consume(
      `${this.queue.name}-dlq`,
      (message) => {
        if (!message) return;
        const { appId, headers } = message.properties as { appId: string; headers: Record<string, string> };
        this.dead.set(appId, {
          reason: headers['x-reason']!,
          detail: headers['x-detail']!,
          sha256: sha256Of(message.content),
        });
      },
      { noAck: true },
    );
    await eventually(
      `${count} dead letters of ${this.queue.name}`,
      () => this.dead.size === count || undefined,
      30_000,
    );
    return this.dead;
  }

  /** The hash of what was sent under this name. */
  sentAs(name: string): string | undefined {
    return this.sent.get(name);
  }
}
