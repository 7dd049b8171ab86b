import { parseArgs } from 'node:util';
import { Refusal } from '../../bootstrap/refusal.ts';

export interface ChaosOptions {
  seed: string;
  /** Start events that the clients send. */
  builds: number;
  /** The traffic's length; what is sent is spread over it. */
  minutes: number;
  replicas: number;
  /** Faults per start event, on average. */
  faults: number;
}

const USAGE =
  'npm run test:chaos -- [--seed TEXT] [--builds N] [--minutes M] [--replicas N] [--faults PER_BUILD]';

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Refusal(`--${name} is ${text}, but it has to be a number above 0. Usage: ${USAGE}`, 2);
}

function whole(name: string, text: string): number {
  const value = positive(name, text);
  if (Number.isInteger(value)) return value;
  throw new Refusal(`--${name} is ${text}, but it has to be a whole number. Usage: ${USAGE}`, 2);
}

/** Throws a Refusal with the usage for anything that it does not know. */
export function chaosOptions(args: readonly string[], freshSeed: () => string): ChaosOptions {
  let values: Record<'seed' | 'builds' | 'minutes' | 'replicas' | 'faults', string | undefined>;
  try {
    const text = { type: 'string' as const };
    const options = { seed: text, builds: text, minutes: text, replicas: text, faults: text };
    values = parseArgs({ args: [...args], options }).values as typeof values;
  } catch (error) {
    throw new Refusal(`${(error as Error).message.split('. ')[0]}. Usage: ${USAGE}`, 2);
  }
  return {
    seed: values.seed ?? freshSeed(),
    builds: whole('builds', values.builds ?? '300'),
    minutes: positive('minutes', values.minutes ?? '3'),
    replicas: whole('replicas', values.replicas ?? '2'),
    faults: positive('faults', values.faults ?? '1.2'),
  };
}
