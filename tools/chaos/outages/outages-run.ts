import { setTimeout as delay } from 'node:timers/promises';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { Random } from '../lib/random.ts';
import { conclude } from '../run/conclude.ts';
import { LastingTraffic } from '../run/lasting-traffic.ts';
import { Trial } from '../run/trial.ts';
import { ChaosSystem } from '../system/chaos-system.ts';
import type { OutagesOptions } from './options.ts';
import { outagesOf, type Outage } from './outages.ts';
import { suffer } from './suffer.ts';
import type { Verdict } from './verdict.ts';

/** Traffic as it is without an outage, before the first and after each. */
const CALM_MS = 20_000;

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'never' : `after ${(ms / 1000).toFixed(1)} s`;
}

/** What clients brought through the doors so far: starts taken over by HTTP and by RabbitMQ. */
function takenOver({ counts }: LastingTraffic): { http: number; amqp: number } {
  return { http: counts['start:202'] ?? 0, amqp: counts['start:confirmed'] ?? 0 };
}

function outageLine(
  { name, ms }: Outage,
  { noticedMs, readyMs }: Verdict,
  before: ReturnType<typeof takenOver>,
  after: ReturnType<typeof takenOver>,
): string {
  return (
    `${name} for ${ms / 1000} s: all apps not ready ${seconds(noticedMs)}, ready again ${seconds(readyMs)}; ` +
    `starts taken over meanwhile: ${after.http - before.http} by HTTP, ${after.amqp - before.amqp} by RabbitMQ`
  );
}

/** The outages one after the other; what was not as it has to be, in sentences. */
async function sufferAll(
  system: ChaosSystem,
  outages: readonly Outage[],
  traffic: LastingTraffic,
): Promise<string[]> {
  const { signal, steps } = system.scratch.context;
  const problems: string[] = [];
  await delay(CALM_MS, undefined, { signal });
  for (const outage of outages) {
    const before = takenOver(traffic);
    const found = await suffer(system, outage);
    steps.line(outageLine(outage, found, before, takenOver(traffic)));
    problems.push(...found.problems.map((problem) => `${outage.name}: ${problem}`));
    await delay(CALM_MS, undefined, { signal });
  }
  return problems;
}

/** An outage is what a client may wait out (503); 500 would say that nobody had thought of it. */
function blunders({ counts }: LastingTraffic): string[] {
  const names = ['again:500', 'read:500', 'lookup:500'].filter((name) => counts[name]);
  return names.map((name) => `clients were answered ${name} ${counts[name]} times`);
}

async function onTrial(system: ChaosSystem, trial: Trial, options: OutagesOptions): Promise<number> {
  const { signal } = system.scratch.context;
  const { seed } = options;
  const traffic = new LastingTraffic(trial, new Random(seed));
  const problems = await traffic.during(() => sufferAll(system, outagesOf(options), traffic), signal);
  return conclude({
    seed,
    system,
    trial,
    traffic,
    problems: () => [...problems, ...blunders(traffic)],
  });
}

/** One whole run; resolves to the exit code: 0 where all went as it has to and every invariant held. */
export async function runOutages(scratch: Scratch, options: OutagesOptions): Promise<number> {
  const { seed, database, broker } = options;
  scratch.context.steps.line(`Seed ${seed}: ${database} s without PostgreSQL, ${broker} s without RabbitMQ`);
  const system = await ChaosSystem.start(scratch, { replicas: 1 });
  try {
    return await Trial.during(scratch, `outages-${seed}`, (trial) => onTrial(system, trial, options));
  } finally {
    await system.stop();
  }
}
