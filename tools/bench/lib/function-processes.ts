import { readFileSync } from 'node:fs';
import { familyOf } from '../../chaos/system/process-state.ts';

/** The process of a function. */
export interface FunctionProcess {
  pid: number;
  service: string;
}

/** Everything in /proc below the gateway that has the name of a service in its environment. */
export function functionProcesses(gatewayPid: number): FunctionProcess[] {
  return familyOf(gatewayPid).flatMap((pid) => {
    const service = serviceOf(pid);
    return service === undefined ? [] : [{ pid, service }];
  });
}

function serviceOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.find((variable) => variable.startsWith('K_SERVICE='))?.slice('K_SERVICE='.length);
  } catch {
    return undefined; // Ended while we looked.
  }
}
