import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'amqplib';
import pg from 'pg';
import { BROKER_PROCESS, runBrokerTool } from '../../bootstrap/broker-node.ts';
import { DATABASE_PROCESS } from '../../bootstrap/database.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { PlannedFault } from './plan.ts';

/** Queues whose messages only wake somebody: what is lost with them must be found by looking. */
const WAKING_QUEUES = ['build-contexts', 'kaniko-jobs', 'build-reports'];
const MOST_CONNECTIONS = 400;

export async function restartBroker(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const done = await system.restartBroker(fault.ms);
  return done ? `RabbitMQ killed and started again after ${fault.ms} ms` : undefined;
}

export async function pauseBroker(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const done = await system.pauseServer(BROKER_PROCESS, fault.ms);
  return done ? `RabbitMQ halted for ${fault.ms} ms` : undefined;
}

/** Above the high watermark RabbitMQ takes nothing from publishers; what they send waits in their sockets. */
export async function memoryAlarm(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const { context } = system.scratch;
  const done = await system.strike(BROKER_PROCESS, async () => {
    await runBrokerTool(context, ['set_vm_memory_high_watermark', '0.0000001']);
    await delay(fault.ms);
    // Also after Ctrl-C, which has ended the signal of the context.
    const lasting = { ...context, signal: new AbortController().signal };
    await runBrokerTool(lasting, ['set_vm_memory_high_watermark', '0.4']);
  });
  return done ? `RabbitMQ's memory alarm on for ${fault.ms} ms` : undefined;
}

export async function restartDatabase(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const done = await system.restartDatabase(fault.ms);
  return done ? `PostgreSQL shut down at once and started again after ${fault.ms} ms` : undefined;
}

export async function pauseDatabase(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const done = await system.pauseServer(DATABASE_PROCESS, fault.ms);
  return done ? `PostgreSQL halted for ${fault.ms} ms` : undefined;
}

/** Takes connections until PostgreSQL gives no more. */
export async function noConnections(system: ChaosSystem, fault: PlannedFault): Promise<string> {
  const held: pg.Client[] = [];
  try {
    while (held.length < MOST_CONNECTIONS) {
      const client = new pg.Client({
        connectionString: system.scratch.addresses.database,
        connectionTimeoutMillis: 2_000,
      });
      client.on('error', () => undefined); // Lost in another fault; it was only there to be held.
      try {
        await client.connect();
      } catch {
        break; // This is what it is after: no further connection.
      }
      held.push(client);
    }
    await delay(fault.ms);
  } finally {
    await Promise.all(held.map((client) => client.end().catch(() => undefined)));
  }
  return `PostgreSQL out of connections for ${fault.ms} ms (${held.length} taken)`;
}

export async function deleteQueue(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const name = WAKING_QUEUES[fault.count % WAKING_QUEUES.length]!;
  const connection = await connect(system.scratch.addresses.amqp).catch(() => undefined);
  if (!connection) return undefined; // RabbitMQ is away by another fault.
  connection.on('error', () => undefined); // Lost in another fault; whoever awaits below is told.
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    const { messageCount } = await channel.deleteQueue(name);
    return `queue ${name} deleted with ${messageCount} messages`;
  } catch {
    return undefined; // RabbitMQ went away meanwhile, by another fault.
  } finally {
    await connection.close().catch(() => undefined);
  }
}
