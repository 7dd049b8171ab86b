import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { PlannedFault } from './plan.ts';
import { struck } from './process-faults.ts';

const SLOW_MS = 40;

function counted(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}`;
}

export async function cutBroker(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  return counted(app.amqp.cut(), `connections of ${app.name} to RabbitMQ cut`);
}

export async function cutDatabase(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  return counted(app.postgres.cut(), `connections of ${app.name} to PostgreSQL cut`);
}

/** Half-open for good: only the ends themselves can find out. */
export async function halfOpenBroker(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  return counted(app.amqp.freeze(), `connections of ${app.name} to RabbitMQ half-open`);
}

export async function halfOpenDatabase(
  system: ChaosSystem,
  fault: PlannedFault,
): Promise<string | undefined> {
  const app = struck(system, fault);
  return counted(app.postgres.freeze(), `connections of ${app.name} to PostgreSQL half-open`);
}

export async function slowLinks(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  for (const link of [app.amqp, app.postgres]) link.delay(SLOW_MS);
  await delay(fault.ms);
  for (const link of [app.amqp, app.postgres]) link.delay(0);
  return `links of ${app.name} slowed by ${SLOW_MS} ms for ${fault.ms} ms`;
}

export async function loseCommit(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  app.postgres.loseCommitAnswer();
  return `the answer to the next COMMIT of ${app.name} will be lost`;
}

export async function swallowConfirms(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  app.amqp.swallowConfirms(fault.count);
  return `the next ${fault.count} confirms to ${app.name} will be swallowed`;
}
