import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { waitFor } from '../../bootstrap/wait.ts';
import { withLedger } from '../check/session.ts';
import { Random } from '../lib/random.ts';
import { conclude } from '../run/conclude.ts';
import { LastingTraffic } from '../run/lasting-traffic.ts';
import { Trial } from '../run/trial.ts';
import { ChaosSystem } from '../system/chaos-system.ts';
import type { UpgradeOptions } from './options.ts';
import { previousBundles } from './previous.ts';
import { Rollout, type Version } from './rollout.ts';
import { sendUnknownVersions } from './unknown-versions.ts';

const BUILT_LIMIT_MS = 60_000;
const SUCCEEDED = `select count(*)::int as count from builds where status = 'succeeded'`;

interface Run {
  system: ChaosSystem;
  rollout: Rollout;
  trial: Trial;
  options: UpgradeOptions;
}

async function succeeded({ trial }: Run): Promise<number> {
  const { rows } = await withLedger(trial.traces.database, (client) =>
    client.query<{ count: number }>(SUCCEEDED),
  );
  return rows[0]!.count;
}

/** One step of the rollout and traffic on what it led to; a problem where nothing was built, even a minute later. */
async function phase(run: Run, name: string, move: () => Promise<void>): Promise<string[]> {
  const { signal, steps } = run.system.scratch.context;
  const before = await succeeded(run);
  const begin = Date.now();
  await move();
  const movedMs = Date.now() - begin;
  await delay(run.options.seconds * 1000, undefined, { signal });
  const built = await waitFor(async () => (await succeeded(run)) - before || undefined, {
    limitMs: BUILT_LIMIT_MS,
    signal,
  });
  steps.line(`${name}: there after ${(movedMs / 1000).toFixed(1)} s, ${built ?? 0} builds succeeded`);
  return built ? [] : [`${name}: no build succeeded`];
}

/** There and back; resolves to what was not as it has to be, and the ids of the events that must be dead letters. */
async function thereAndBack(
  run: Run,
  old: Version,
  fresh: Version,
): Promise<{ problems: string[]; refused: string[] }> {
  const { rollout, trial } = run;
  const problems = await phase(run, 'The old apps alone', async () => undefined);
  problems.push(
    ...(await phase(run, 'The new apps beside the old', () => rollout.startBeside(old, fresh))),
    ...(await phase(run, 'The new apps alone', () => rollout.stopRest(old))),
  );
  const unknown = await sendUnknownVersions(trial);
  problems.push(
    ...unknown.problems,
    ...(await phase(run, 'The old apps beside the new', () => rollout.startBeside(fresh, old))),
    ...(await phase(run, 'The old apps alone again', () => rollout.stopRest(fresh))),
    ...rollout.crashes,
  );
  return { problems, refused: unknown.ids };
}

async function onTrial(run: Run, old: Version, fresh: Version): Promise<number> {
  const { system, trial } = run;
  const { signal } = system.scratch.context;
  const { seed } = run.options;
  const traffic = new LastingTraffic(trial, new Random(seed));
  const { problems, refused } = await traffic.during(() => thereAndBack(run, old, fresh), signal);
  return conclude({
    seed,
    system,
    trial,
    traffic,
    problems: () => problems,
    sacrificed: new Set(refused),
  });
}

/** One whole run; resolves to the exit code: 0 where all went as it has to and every invariant held. */
export async function runUpgrade(scratch: Scratch, options: UpgradeOptions): Promise<number> {
  const { context } = scratch;
  context.steps.line(`Seed ${options.seed}: ${options.seconds} s of traffic in each phase`);
  const bundles = await context.steps.run('The earlier apps', () => previousBundles(context));
  const old: Version = { name: 'old', bundles };
  const fresh: Version = { name: 'new', bundles: join(context.root, 'dist', 'apps') };
  const system = new ChaosSystem(scratch);
  const rollout = await Rollout.open(system);
  try {
    await rollout.startAll(old);
    return await Trial.during(scratch, `upgrade-${options.seed}`, (trial) =>
      onTrial({ system, rollout, trial, options }, old, fresh),
    );
  } finally {
    await rollout.close();
    await system.stop();
  }
}
