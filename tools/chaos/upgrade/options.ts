import { Arguments } from '../run/arguments.ts';

export interface UpgradeOptions {
  seed: string;
  /** Seconds of traffic in each phase, beside the time that the phase's own steps take. */
  seconds: number;
}

const USAGE = 'npm run test:chaos -- upgrade [--seed TEXT] [--seconds PER_PHASE]';

/** Throws a Refusal with the usage for anything that it does not know. */
export function upgradeOptions(args: readonly string[]): UpgradeOptions {
  const given = new Arguments(args, USAGE, ['seed', 'seconds']);
  return { seed: given.seed('seed'), seconds: given.positive('seconds', 60) };
}
