import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptUnpack } from './apt.ts';
import type { Context } from './context.ts';
import { runProgram } from './run-program.ts';

const PROGRAMS = ['prometheus', 'promtool'];

/** What to do where there is none. */
export const NO_PROMETHEUS =
  'The specs of the alerts will fail, because prometheus and promtool are neither on the PATH nor to be had from Debian: ' +
  'install Prometheus, or name the folder of both programs in PROMETHEUS_FOLDER.';

async function areOnPath({ env, signal }: Context): Promise<boolean> {
  const runs = PROGRAMS.map((program) => runProgram(program, ['--version'], { env, signal }));
  return (await Promise.all(runs)).every(({ code }) => code === 0);
}

/**
 * Finds Prometheus and its promtool: the caller's, else those of Debian's package, unpacked into a folder of the tests that
 * is kept between runs. Returns the environment that leads to them, or undefined where they cannot be had.
 */
export async function ensureTestPrometheus(
  context: Context,
  note: (text: string) => void,
): Promise<NodeJS.ProcessEnv | undefined> {
  if (context.env.PROMETHEUS_FOLDER || (await areOnPath(context))) return {};
  const folder = join(context.state.folder, 'prometheus');
  if (!existsSync(folder)) {
    note('unpacking the Debian package prometheus, once');
    if (!(await aptUnpack(context, 'prometheus', folder))) return undefined;
  }
  return { PROMETHEUS_FOLDER: join(folder, 'usr', 'bin') };
}
