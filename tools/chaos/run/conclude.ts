import { QUEUES } from '../../bootstrap/queues.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { deadLetterLine, deadLettersOf, isConflict, type DeadLetter } from './dead-letters.ts';
import { listed, tellBreaks } from './report.ts';
import type { Trial } from './trial.ts';

const GIVE_UP_MS = 300_000;

export interface Conclusion {
  /** Names the run in its last line. */
  seed: string;
  system: ChaosSystem;
  trial: Trial;
  traffic: { counts: Readonly<Record<string, number>>; surprises: readonly string[] };
  /** Sentences about what went wrong; asked for when all is at rest. */
  problems: () => readonly string[];
  /** What was done to the system, by kind. */
  faults?: () => Readonly<Record<string, number>>;
  /** Where rest has to come within a time. */
  recovery?: Recovery;
  /** Ids of events that were sent in order to become dead letters. */
  sacrificed?: ReadonlySet<string>;
}

interface Recovery {
  /** Unix milliseconds from which the time counts; it may still move. */
  since: () => number;
  withinMs: number;
}

interface Rest {
  /** What was still to be done when the run gave up waiting. */
  left: readonly string[];
  /** Milliseconds that it took; undefined where it never came. */
  ms: number | undefined;
}

async function restOf({ trial, recovery }: Conclusion): Promise<Rest> {
  const begin = Date.now();
  const since = recovery?.since ?? (() => begin);
  const left = await trial.atRest(() => since() + GIVE_UP_MS);
  return { left, ms: left.length === 0 ? Date.now() - since() : undefined };
}

function tooLate({ ms }: Rest, { recovery }: Conclusion): string[] {
  if (ms === undefined || recovery === undefined || ms < recovery.withinMs) return [];
  return [`at rest only after ${seconds(ms)}; the limit is ${seconds(recovery.withinMs)}`];
}

/** Dead letters that nobody asked for. */
function unforeseen({ trial, sacrificed }: Conclusion, dead: readonly DeadLetter[]): DeadLetter[] {
  const { starts } = trial.observed;
  return dead.filter((each) => !sacrificed?.has(each.event.id) && !isConflict(each, starts));
}

async function notReady(system: ChaosSystem): Promise<string[]> {
  return system.ready().then(
    () => [],
    (error: unknown) => [error instanceof Error ? error.message : String(error)],
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** The end of a run: waits for rest, checks invariants and dead letters, and prints all of it. Resolves to the exit code. */
export async function conclude(run: Conclusion): Promise<number> {
  const { system, trial, traffic, seed } = run;
  const { steps, signal } = system.scratch.context;
  const tell = (text: string): void => steps.line(text);
  const rest = await restOf(run);
  const unready = await notReady(system);
  signal.throwIfAborted();
  const breaks = await trial.breaks();
  const dead = await deadLettersOf(system.scratch.addresses.amqp, QUEUES);
  const wrong = [
    ...run.problems(),
    ...system.apps.flatMap(({ crashes }) => crashes),
    ...traffic.surprises.map((text) => `unexpected answer: ${text}`),
    ...rest.left.map((text) => `never done: ${text}`),
    ...tooLate(rest, run),
    ...unready,
    ...unforeseen(run, dead).map((each) => `dead letter in ${deadLetterLine(each)}`),
  ];
  const faults = run.faults?.();
  tell(`\nTraffic: ${listed(traffic.counts)}`);
  if (faults) tell(`Faults:  ${listed(faults)}`);
  for (const text of wrong) tell(`✖ ${text}`);
  await tellBreaks(trial.traces, trial.observed, breaks, tell);
  const { starts, events } = trial.observed;
  const total = Object.values(faults ?? {}).reduce((sum, count) => sum + count, 0);
  tell(
    `\nSeed ${seed}: ${starts.length} start events taken over, ${faults ? `${total} faults, ` : ''}` +
      `${breaks.length} breaks, ${wrong.length} problems, ${dead.length} dead letters, ` +
      `at rest ${rest.ms === undefined ? 'never' : `after ${seconds(rest.ms)}`}, ${events.length} events received`,
  );
  return breaks.length + wrong.length === 0 ? 0 : 1;
}
