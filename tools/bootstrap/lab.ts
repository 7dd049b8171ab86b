import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import type { RunRecord } from './run-record.ts';
import { runProgram, type RunResult } from './run-program.ts';

/** Prints the variables that are named, one a line; `$0` is the lab's program. */
const SETTINGS = 'eval "$("$0" env)" && for name; do printf "%s\\n" "${!name}"; done';

/**
 * The program of the lab, which runs the servers of a real cluster as processes of this machine: it lies in ../shared beside
 * the clone and needs root. Undefined where there is none.
 */
export function labProgram({ root, asRoot }: Context): string | undefined {
  const lab = join(root, '..', 'shared', 'lab', 'lab');
  return asRoot && existsSync(lab) ? lab : undefined;
}

/** What `lab env` says of these variables, in their order. */
export async function labSettings(
  { env, signal }: Context,
  lab: string,
  ...names: readonly string[]
): Promise<string[]> {
  const { output } = await runProgram('bash', ['-c', SETTINGS, lab, ...names], { env, signal });
  return output.split('\n').slice(0, names.length);
}

/** The lab writes process id and start time as our own records have them. */
function runningIn(home: string, name: string): ProcessIdentity | undefined {
  const file = join(home, 'run', `${name}.pid`);
  if (!existsSync(file)) return undefined;
  const [pid, startTime = ''] = readFileSync(file, 'utf8').trim().split(' ');
  const identity = { pid: Number(pid), startTime };
  return isAlive(identity) ? identity : undefined;
}

/**
 * Runs a command of the lab that starts servers. Those of `names` join the record where they did not run before: what
 * others use stays when the record is stopped.
 */
export async function startInLab(
  context: Context,
  record: RunRecord,
  lab: string,
  { command, names }: { command: readonly string[]; names: readonly string[] },
): Promise<RunResult> {
  const [home = ''] = await labSettings(context, lab, 'LAB_HOME');
  const ranBefore = names.filter((name) => runningIn(home, name));
  const run = runProgram(lab, command, { env: context.env, signal: context.signal });
  // Also where the command failed or was interrupted: what it has started by then has to be stopped.
  return run.finally(() => {
    for (const name of names) {
      const server = runningIn(home, name);
      if (server && !ranBefore.includes(name)) record.add({ name, port: 0, ...server });
    }
  });
}
