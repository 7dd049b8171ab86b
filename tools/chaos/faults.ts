// Faults under real traffic, and what must hold all the same. Starts a system of its own and leaves nothing behind.
// Usage: npm run test:chaos -- [--seed TEXT] [--builds N] [--minutes M] [--replicas N] [--faults PER_BUILD] [--given]
import { runFaults } from './run/faults-run.ts';
import { chaosOptions } from './run/options.ts';
import { runChaosProgram } from './run/program.ts';

await runChaosProgram(chaosOptions, runFaults);
