import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { startTimeOf, type ProcessIdentity } from './process-identity.ts';
import { Refusal } from './refusal.ts';

export interface DetachedOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  logFile: string;
  uid?: number;
  gid?: number;
}

const LOG_LIMIT = 10 * 1024 * 1024;

/** One older log is kept, so that a state folder that lives for months does not grow for months. */
function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > LOG_LIMIT) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** Starts a process in a group of its own that outlives us; both its outputs go to the log file. */
export async function spawnDetached(options: DetachedOptions): Promise<ProcessIdentity> {
  const { command, args, env, cwd, uid, gid } = options;
  const log = openLog(options.logFile);
  try {
    const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', log, log] });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) =>
        reject(new Refusal(`${command} could not be started: ${error.message}.`)),
      );
    });
    child.unref();
    const pid = child.pid as number;
    // An empty start time matches no process: one that ended at once is found dead by whoever waits for it.
    return { pid, startTime: startTimeOf(pid) ?? '' };
  } finally {
    closeSync(log);
  }
}
