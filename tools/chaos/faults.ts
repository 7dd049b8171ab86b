// Faults under real traffic, and what must hold all the same. Starts a system of its own and leaves nothing behind.
// Usage: npm run test:chaos -- [--seed TEXT] [--builds N] [--minutes M] [--replicas N] [--faults PER_BUILD]
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Refusal } from '../bootstrap/refusal.ts';
import { runOnScratch } from '../bootstrap/scratch.ts';
import { chaosOptions, type ChaosOptions } from './run/options.ts';
import { runFaults } from './run/faults-run.ts';

function options(): ChaosOptions | undefined {
  try {
    return chaosOptions(process.argv.slice(2), () => randomBytes(4).toString('hex'));
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : inspect(error)}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const chosen = options();
if (chosen) await runOnScratch('chaos', (scratch) => runFaults(scratch, chosen));
