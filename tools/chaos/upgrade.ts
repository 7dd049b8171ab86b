// The apps of an earlier commit (tools/chaos/previous) and those of this one, beside each other and in place of each other,
// forward and back, under real traffic. Starts a system of its own; the earlier apps stay built in its state folder.
// Usage: npm run test:chaos -- upgrade [--seed TEXT] [--seconds PER_PHASE]
import { runChaosProgram } from './run/program.ts';
import { upgradeOptions } from './upgrade/options.ts';
import { runUpgrade } from './upgrade/upgrade-run.ts';

await runChaosProgram(upgradeOptions, runUpgrade);
