import { inspect } from 'node:util';
import { Refusal } from '../../bootstrap/refusal.ts';
import { unmountSmallDisk } from '../system/small-disk.ts';
import { runOnRunning, runOnScratch, type Scratch } from '../../bootstrap/scratch.ts';

function optionsOf<Options>(read: (args: readonly string[]) => Options): Options | undefined {
  try {
    return read(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : inspect(error)}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

/**
 * The whole of a program of this folder: reads its options, and runs it on servers of its own, or on those of `npm start`
 * where the options say `given`. `run` resolves to the exit code.
 */
export async function runChaosProgram<Options extends object>(
  read: (args: readonly string[]) => Options,
  run: (scratch: Scratch, options: Options) => Promise<number>,
): Promise<void> {
  const options = optionsOf(read);
  if (options === undefined) return;
  if ('given' in options && options.given === true) await runOnRunning((scratch) => run(scratch, options));
  else
    await runOnScratch(
      'chaos',
      (scratch) => run(scratch, options),
      ({ state }) => unmountSmallDisk(state.platform),
    );
}
