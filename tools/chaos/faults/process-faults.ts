import type { AppProcess } from '../system/app-process.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { PlannedFault } from './plan.ts';

export function struck(system: ChaosSystem, fault: PlannedFault): AppProcess {
  const replicas = system.replicasOf(fault.app);
  return replicas[fault.replica % replicas.length]!;
}

export async function kill(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  app.nextFaults = fault.points;
  const armed = fault.points ? `, which then arms ${fault.points}` : '';
  return app.signal('SIGKILL') ? `${app.name} killed${armed}` : undefined;
}

/** What a rolling restart does to each replica in turn. */
export async function terminate(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  return app.signal('SIGTERM') ? `${app.name} told to stop` : undefined;
}

export async function freeze(system: ChaosSystem, fault: PlannedFault): Promise<string | undefined> {
  const app = struck(system, fault);
  if (app.frozen || !app.signal('SIGSTOP')) return undefined;
  return `${app.name} halted`;
}
