import { Arguments } from '../run/arguments.ts';

export interface OutagesOptions {
  seed: string;
  /** Seconds without PostgreSQL. */
  database: number;
  /** Seconds without RabbitMQ. */
  broker: number;
  /** Whether each server is also halted for as long, so that its connections stay open and say nothing. */
  pause: boolean;
}

const USAGE = 'npm run test:chaos -- outages [--seed TEXT] [--database SECONDS] [--broker SECONDS] [--pause]';

/** Throws a Refusal with the usage for anything that it does not know. */
export function outagesOptions(args: readonly string[]): OutagesOptions {
  const given = new Arguments(args, USAGE, ['seed', 'database', 'broker'], ['pause']);
  return {
    seed: given.seed('seed'),
    database: given.positive('database', 120),
    broker: given.positive('broker', 300),
    pause: given.isOn('pause'),
  };
}
