import { Arguments } from './arguments.ts';

export interface ChaosOptions {
  seed: string;
  /** Start events that the clients send. */
  builds: number;
  /** The traffic's length; what is sent is spread over it. */
  minutes: number;
  replicas: number;
  /** Faults per start event, on average. */
  faults: number;
  /** Whether it is the system of `npm start` that is struck, and not one of its own. */
  given: boolean;
}

const USAGE =
  'npm run test:chaos -- [--seed TEXT] [--builds N] [--minutes M] [--replicas N] [--faults PER_BUILD] [--given]';

/** Throws a Refusal with the usage for anything that it does not know. */
export function chaosOptions(args: readonly string[]): ChaosOptions {
  const given = new Arguments(args, USAGE, ['seed', 'builds', 'minutes', 'replicas', 'faults'], ['given']);
  return {
    seed: given.seed('seed'),
    builds: given.whole('builds', 300),
    minutes: given.positive('minutes', 3),
    replicas: given.whole('replicas', 2),
    faults: given.positive('faults', 1.2),
    given: given.isOn('given'),
  };
}
