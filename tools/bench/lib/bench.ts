import { Refusal } from '../../bootstrap/refusal.ts';
import { runOnScratch, type Scratch } from '../../bootstrap/scratch.ts';

/** What a bench works with: empty servers of its own, and the bundles of the apps, of which none runs yet. */
export interface Bench extends Scratch {
  /** How often each measurement is made, in turn with its baseline. */
  rounds: number;
}

function roundsFrom(text: string | undefined, fallback: number): number {
  const rounds = Number(text ?? fallback);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  throw new Refusal(`The number of rounds is ${text}, but it has to be a whole number above 0.`, 2);
}

/**
 * Runs a bench. The first argument of the command line says how many rounds there are. The exit code is 0 when it ran,
 * whatever it measured.
 */
export async function runBench(rounds: number, measure: (bench: Bench) => Promise<void>): Promise<void> {
  await runOnScratch('bench', async (scratch) => {
    await measure({ ...scratch, rounds: roundsFrom(process.argv[2], rounds) });
    return 0;
  });
}
