import type { Scratch } from '../../bootstrap/scratch.ts';
import { Refusal } from '../../bootstrap/refusal.ts';
import { withLedger } from '../check/session.ts';
import { Faults } from '../faults/faults.ts';
import { plannedFaults } from '../faults/plan.ts';
import { Random } from '../lib/random.ts';
import { ChaosSystem } from '../system/chaos-system.ts';
import { mountSmallDisk } from '../system/small-disk.ts';
import type { ChaosOptions } from './options.ts';
import { report, type Outcome } from './report.ts';
import { Trial } from './trial.ts';

/** Within this time after the last fault all pending work has to be done. */
const RECOVERY_LIMIT_MS = 60_000;
const GIVE_UP_MS = 240_000;

interface Run {
  system: ChaosSystem;
  trial: Trial;
  faults: Faults;
  options: ChaosOptions;
  random: Random;
}

async function strike({ system, trial, faults, options, random }: Run): Promise<Partial<Outcome>> {
  const perSecond = (options.builds * options.faults) / (options.minutes * 60);
  const ended = new AbortController();
  const { signal } = system.scratch.context;
  const stop = AbortSignal.any([ended.signal, signal]);
  const plan = plannedFaults(random.fork('faults'), perSecond);
  const traffic = trial.traffic(random.fork('traffic'), options);
  const striking = faults.run(plan, () => traffic.at, stop);
  try {
    await traffic.run(signal);
  } finally {
    ended.abort();
    await striking;
  }
  return { traffic: traffic.counts, surprises: traffic.surprises };
}

async function outcomeOf(run: Run): Promise<Outcome> {
  const { trial, faults, system, options } = run;
  const over = new AbortController();
  const watching = faults.watch(over.signal);
  try {
    const { traffic = {}, surprises = [] } = await strike(run);
    const left = await trial.atRest(() => faults.lastAt + GIVE_UP_MS);
    const recoveredMs = left.length === 0 ? Date.now() - faults.lastAt : undefined;
    await system.ready();
    const breaks = await trial.breaks();
    const recoveredInTime = recoveredMs !== undefined && recoveredMs < RECOVERY_LIMIT_MS;
    return {
      options,
      observed: trial.observed,
      breaks,
      left,
      recoveredMs,
      recoveredInTime,
      faults: faults.counts,
      traffic,
      surprises,
    };
  } finally {
    over.abort();
    await watching;
  }
}

async function onTrial(system: ChaosSystem, trial: Trial, options: ChaosOptions): Promise<number> {
  const tell = (text: string): void => system.scratch.context.steps.line(text);
  const faults = new Faults(system, tell);
  const outcome = await outcomeOf({ system, trial, faults, options, random: new Random(options.seed) });
  await report(trial.traces, outcome, tell);
  return outcome.breaks.length === 0 && outcome.recoveredInTime ? 0 : 1;
}

/** What was there before has no witness outside: every rule about it would seem broken. */
async function requireEmpty({ addresses }: Scratch): Promise<void> {
  const { rows } = await withLedger(addresses.database, (client) =>
    client.query<{ count: string }>('select count(*) as count from builds'),
  );
  if (rows[0]?.count === '0') return;
  throw new Refusal(
    `The system holds ${rows[0]?.count} builds that nobody has watched: start an empty one with "npm run reset" and "npm start -- --no-demo --detach".`,
  );
}

/** One whole run; resolves to the exit code: 0 where every invariant held and the system recovered in time. */
export async function runFaults(scratch: Scratch, options: ChaosOptions): Promise<number> {
  const { steps, state } = scratch.context;
  const { seed, builds, minutes, faults, replicas } = options;
  steps.line(`Seed ${seed}: ${builds} builds in ${minutes} minutes, ${faults} faults each`);
  if (options.given) await requireEmpty(scratch);
  const unmount = options.given ? undefined : mountSmallDisk(state.platform);
  if (!unmount)
    steps.line('! The disk of the builds is not one of their own: a full disk is not among the faults.');
  try {
    const system = await ChaosSystem.start(scratch, { replicas, skewed: 'context-builder-1' });
    try {
      const name = `chaos-${seed}`;
      return await Trial.during(scratch, name, (trial) => onTrial(system, trial, options));
    } finally {
      await system.stop();
    }
  } finally {
    unmount?.();
  }
}
