import { Refusal } from '../../bootstrap/refusal.ts';
import { runOnScratch, type Scratch } from '../../bootstrap/scratch.ts';

/** What a bench works with: empty servers of its own, and the bundles of the apps, of which none runs yet. */
export interface Bench extends Scratch {
  /** How often each measurement is made, in turn with its baseline. */
  rounds: number;
}

function wholeNumber(text: string | undefined, what: string, fallback: number): number {
  const value = Number(text ?? fallback);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Refusal(`The number of ${what} is ${text}, but it has to be a whole number above 0.`, 2);
}

/**
 * Runs a bench whose first argument says how large it is: the number of what `what` names. The exit code is 0 when it
 * ran, whatever it measured.
 */
export async function runSized(
  what: string,
  fallback: number,
  measure: (scratch: Scratch, size: number) => Promise<void>,
): Promise<void> {
  const size = (): number => wholeNumber(process.argv[2], what, fallback);
  await runOnScratch(
    'bench',
    async (scratch) => {
      await measure(scratch, size());
      return 0;
    },
    // A wrong one is told before anything is started.
    size,
  );
}

/** Runs a bench whose first argument says how many rounds there are. */
export async function runBench(rounds: number, measure: (bench: Bench) => Promise<void>): Promise<void> {
  await runSized('rounds', rounds, (scratch, chosen) => measure({ ...scratch, rounds: chosen }));
}
