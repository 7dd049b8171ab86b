// Long outages of the database and of the broker under real traffic, and what must hold all the same. Starts a system of its
// own and leaves nothing behind. --pause also halts each server for as long as it was stopped.
// Usage: npm run test:chaos -- outages [--seed TEXT] [--database SECONDS] [--broker SECONDS] [--pause]
import { outagesOptions } from './outages/options.ts';
import { runOutages } from './outages/outages-run.ts';
import { runChaosProgram } from './run/program.ts';

await runChaosProgram(outagesOptions, runOutages);
