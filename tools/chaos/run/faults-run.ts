import type { Scratch } from '../../bootstrap/scratch.ts';
import { Refusal } from '../../bootstrap/refusal.ts';
import { stopSupervisors } from '../../bootstrap/supervisors.ts';
import { withLedger } from '../check/session.ts';
import { Faults } from '../faults/faults.ts';
import { plannedFaults } from '../faults/plan.ts';
import { Random } from '../lib/random.ts';
import { ChaosSystem } from '../system/chaos-system.ts';
import { mountSmallDisk, unmountSmallDisk } from '../system/small-disk.ts';
import type { Traffic } from '../traffic/index.ts';
import { conclude } from './conclude.ts';
import type { ChaosOptions } from './options.ts';
import { Trial } from './trial.ts';

/** Within this time after the last fault all pending work has to be done. */
const RECOVERY_LIMIT_MS = 60_000;

interface Run {
  system: ChaosSystem;
  faults: Faults;
  traffic: Traffic;
  options: ChaosOptions;
  random: Random;
}

/** Harm and traffic together, until the clients have done all that they were to do. */
async function strike({ system, faults, traffic, options, random }: Run): Promise<void> {
  const perSecond = (options.builds * options.faults) / (options.minutes * 60);
  const ended = new AbortController();
  const { signal } = system.scratch.context;
  const stop = AbortSignal.any([ended.signal, signal]);
  const plan = plannedFaults(random.fork('faults'), perSecond);
  const striking = faults.run(plan, () => traffic.at, stop);
  try {
    await traffic.run(signal);
  } finally {
    ended.abort();
    await striking;
  }
}

async function onTrial(system: ChaosSystem, trial: Trial, options: ChaosOptions): Promise<number> {
  const random = new Random(options.seed);
  const faults = new Faults(system, (text) => system.scratch.context.steps.line(text));
  const traffic = trial.traffic(random.fork('traffic'), options);
  const over = new AbortController();
  const watching = faults.watch(over.signal);
  try {
    await strike({ system, faults, traffic, options, random });
    return await conclude({
      seed: options.seed,
      system,
      trial,
      traffic,
      problems: () => faults.failures,
      faults: () => faults.counts,
      recovery: { since: () => faults.lastAt, withinMs: RECOVERY_LIMIT_MS },
    });
  } finally {
    over.abort();
    await watching;
  }
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

/** One whole run; resolves to the exit code: 0 where every invariant held and all went as it has to. */
export async function runFaults(scratch: Scratch, options: ChaosOptions): Promise<number> {
  const { steps, state } = scratch.context;
  const { seed, builds, minutes, faults, replicas } = options;
  steps.line(`Seed ${seed}: ${builds} builds in ${minutes} minutes, ${faults} faults each`);
  if (options.given) await requireEmpty(scratch);
  if (options.given || !mountSmallDisk(state.platform))
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
    if (!options.given) {
      // Those of builds under way, who are known by their files on that disk.
      await stopSupervisors(state.platform);
      unmountSmallDisk(state.platform);
    }
  }
}
