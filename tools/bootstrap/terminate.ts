import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { waitFor } from './wait.ts';

export interface TerminateOptions {
  /** What the program takes as a wish to end in good order. */
  signal?: NodeJS.Signals;
  graceMs?: number;
  /** Also ends what is left of its process group afterwards. */
  group?: boolean;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a process, by SIGKILL when the grace has passed. Does nothing where that very process has ended already. */
export async function terminate(identity: ProcessIdentity, options: TerminateOptions = {}): Promise<void> {
  const { signal = 'SIGTERM', graceMs = 15_000, group = false } = options;
  if (!isAlive(identity)) return;
  const gone = (limitMs: number) =>
    waitFor(() => (isAlive(identity) ? undefined : true), { limitMs, intervalMs: 25 });
  send(identity.pid, signal);
  if (!(await gone(graceMs))) {
    send(identity.pid, 'SIGKILL');
    await gone(5_000);
  }
  if (group) send(-identity.pid, 'SIGKILL');
}
