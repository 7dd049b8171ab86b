import type { ChaosSystem } from '../system/chaos-system.ts';
import { deadLetterLine, deadLettersOf, isConflict, type DeadLetter } from './dead-letters.ts';
import type { LastingTraffic } from './lasting-traffic.ts';
import { listed, tellBreaks } from './report.ts';
import { QUEUES, type Trial } from './trial.ts';

const REST_LIMIT_MS = 300_000;

export interface Conclusion {
  seed: string;
  system: ChaosSystem;
  trial: Trial;
  traffic: LastingTraffic;
  /** Sentences about what went wrong before. */
  problems: readonly string[];
  /** Ids of events that were sent in order to become dead letters. */
  sacrificed?: ReadonlySet<string>;
}

/** Dead letters that nobody asked for. */
function unforeseen({ trial, sacrificed }: Conclusion, dead: readonly DeadLetter[]): DeadLetter[] {
  const { starts } = trial.observed;
  return dead.filter((each) => !sacrificed?.has(each.event.id) && !isConflict(each, starts));
}

/** The end of a run: waits for rest, checks invariants and dead letters, and prints all of it. Resolves to the exit code. */
export async function conclude(run: Conclusion): Promise<number> {
  const { system, trial, traffic, seed } = run;
  const { steps } = system.scratch.context;
  const tell = (text: string): void => steps.line(text);
  const begin = Date.now();
  const left = await trial.atRest(() => begin + REST_LIMIT_MS);
  const restMs = Date.now() - begin;
  await system.ready();
  const breaks = await trial.breaks();
  const dead = await deadLettersOf(system.scratch.addresses.amqp, QUEUES);
  const wrong = [
    ...run.problems,
    ...left.map((text) => `never done: ${text}`),
    ...unforeseen(run, dead).map((each) => `dead letter in ${deadLetterLine(each)}`),
  ];
  tell(`\nTraffic: ${listed(traffic.counts)}`);
  for (const text of traffic.surprises) tell(`! unexpected answer: ${text}`);
  for (const text of wrong) tell(`✖ ${text}`);
  await tellBreaks(trial.traces, trial.observed, breaks, tell);
  const { starts, events } = trial.observed;
  tell(
    `\nSeed ${seed}: ${starts.length} start events taken over, ${breaks.length} breaks, ${wrong.length} problems, ` +
      `${dead.length} dead letters, at rest after ${(restMs / 1000).toFixed(1)} s, ${events.length} events received`,
  );
  return breaks.length + wrong.length === 0 ? 0 : 1;
}
