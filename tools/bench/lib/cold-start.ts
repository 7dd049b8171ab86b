import type { DeployedFunction } from './deployed-functions.ts';
import { functionProcesses } from './function-processes.ts';
import { getAtOnce } from './http-load.ts';
import { until } from './until.ts';

/** What became of many requests at once to a function that did not run. */
export interface ColdStart {
  /** Different processes that answered or were there afterwards. */
  processes: number;
  /** Requests that were answered with 200. */
  served: number;
  slowestMs: number;
}

interface Target extends DeployedFunction {
  gatewayPid: number;
}

/** Waits until the function was stopped for being idle, then sends the requests. */
export async function coldStart(
  { service, url, gatewayPid }: Target,
  { requests, limitMs, signal }: { requests: number; limitMs: number; signal: AbortSignal },
): Promise<ColdStart> {
  const running = () => functionProcesses(gatewayPid).filter((process) => process.service === service);
  await until(`${service} has to be stopped`, signal, () => running().length === 0);
  const answers = await getAtOnce(url, requests, limitMs);
  const served = answers.filter(({ how }) => how === 200);
  const pids = served.map(({ text }) => (JSON.parse(text) as { pid: number }).pid);
  return {
    processes: new Set([...pids, ...running().map(({ pid }) => pid)]).size,
    served: served.length,
    slowestMs: Math.max(...answers.map(({ ms }) => ms)),
  };
}
