import { aptInstall } from './apt.ts';
import type { Context } from './context.ts';
import { runProgram } from './run-program.ts';

async function makesEnvironments({ env, signal }: Context): Promise<boolean> {
  return (await runProgram('python3', ['-c', 'import venv, ensurepip'], { env, signal })).code === 0;
}

/** Sees to it that Python functions can be built. Returns what to tell the user where they cannot; never fails. */
export async function ensurePython(
  context: Context,
  note: (text: string) => void,
): Promise<string | undefined> {
  if (await makesEnvironments(context)) return undefined;
  note('trying to install the Debian package python3-venv');
  await aptInstall(context, ['python3', 'python3-venv']);
  if (await makesEnvironments(context)) return undefined;
  return 'Python functions will not build, because python3 with its module venv is missing: install it (Debian: apt-get install python3-venv) and start again.';
}
