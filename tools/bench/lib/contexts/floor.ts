import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../../bootstrap/context.ts';
import { runProgram } from '../../../bootstrap/run-program.ts';

const SOURCE = 'floor.c';
/** Cores that it may keep busy. */
export const THREADS = 2;
const NEEDED = 'Debian: apt-get install gcc libc6-dev libdeflate-dev libssl-dev';

export interface FloorRun {
  ms: number;
  /** Bytes before and after. */
  in: number;
  out: number;
}

/** Compresses and hashes what lies in a folder, and tells how long that took. */
export type Floor = () => Promise<FloorRun>;

async function compiled({ env, signal }: Context, program: string): Promise<string> {
  const args = ['-O2', '-pthread', '-o', program, SOURCE, '-ldeflate', '-lcrypto'];
  const { code, output } = await runProgram('cc', args, { cwd: import.meta.dirname, env, signal });
  return code === 0
    ? ''
    : (output
        .trim()
        .split('\n')
        .find((line) => line.includes('error')) ?? output.trim());
}

/**
 * Compiles the floor, a C program on libdeflate and OpenSSL, for these files. Where it cannot be had `missing` says why
 * and what to install.
 */
export async function openFloor(
  context: Context,
  files: readonly Buffer[],
): Promise<{ run: Floor } | { missing: string }> {
  const folder = join(context.state.platform, 'floor');
  const program = join(context.state.platform, 'floor-program');
  const failure = await compiled(context, program);
  if (failure)
    return {
      missing: `there is no floor to compare with, because it cannot be compiled: ${failure} (${NEEDED})`,
    };
  mkdirSync(folder);
  files.forEach((bytes, number) => writeFileSync(join(folder, String(number)), bytes));
  const run = async (): Promise<FloorRun> => {
    const { env, signal } = context;
    const { code, output } = await runProgram(program, [folder, String(THREADS)], { env, signal });
    if (code !== 0) throw new Error(`The floor ended with ${code}: ${output}`);
    return JSON.parse(output) as FloorRun;
  };
  return { run };
}
