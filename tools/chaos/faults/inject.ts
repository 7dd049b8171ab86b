import type { ChaosSystem } from '../system/chaos-system.ts';
import { crashFunction, fillDisk, killBuilder, killSidecar, killSupervisor } from './build-faults.ts';
import {
  cutBroker,
  cutDatabase,
  halfOpenBroker,
  halfOpenDatabase,
  loseCommit,
  slowLinks,
  swallowConfirms,
} from './link-faults.ts';
import type { FaultKind, PlannedFault } from './plan.ts';
import { freeze, kill, terminate } from './process-faults.ts';
import {
  deleteQueue,
  memoryAlarm,
  noConnections,
  pauseBroker,
  pauseDatabase,
  restartBroker,
  restartDatabase,
} from './server-faults.ts';

/** Brings a fault about and says what it did; undefined where there was nothing to strike. */
export type Injection = (system: ChaosSystem, fault: PlannedFault) => Promise<string | undefined>;

export const INJECTIONS: Record<FaultKind, Injection> = {
  kill,
  terminate,
  freeze,
  'cut-broker': cutBroker,
  'cut-database': cutDatabase,
  'half-open-broker': halfOpenBroker,
  'half-open-database': halfOpenDatabase,
  'slow-links': slowLinks,
  'lost-commit': loseCommit,
  'swallowed-confirms': swallowConfirms,
  'kill-supervisor': killSupervisor,
  'kill-builder': killBuilder,
  'kill-sidecar': killSidecar,
  'crash-function': crashFunction,
  'delete-queue': deleteQueue,
  'restart-broker': restartBroker,
  'pause-broker': pauseBroker,
  'memory-alarm': memoryAlarm,
  'restart-database': restartDatabase,
  'pause-database': pauseDatabase,
  'no-connections': noConnections,
  'disk-full': fillDisk,
};
