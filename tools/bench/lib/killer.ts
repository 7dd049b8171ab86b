import { setTimeout as delay } from 'node:timers/promises';
import { signalTo } from '../../chaos/system/process-state.ts';
import { functionProcesses } from './function-processes.ts';

/** Kills one function process after the other, drawn by chance, until the signal comes. Returns how many it killed. */
export async function killFunctions(gatewayPid: number, everyMs: number, over: AbortSignal): Promise<number> {
  let killed = 0;
  while (!over.aborted) {
    const processes = functionProcesses(gatewayPid);
    const victim = processes[Math.floor(Math.random() * processes.length)];
    if (victim && signalTo(victim.pid, 'SIGKILL')) killed += 1;
    await delay(everyMs, undefined, { signal: over }).catch(() => undefined); // Over: the loop ends.
  }
  return killed;
}
