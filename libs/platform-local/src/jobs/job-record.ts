import type { ContainerEnd, JobSpec, JobState } from '@slipway/domain';
import type { ProcessIdentity } from '../processes/process-identity';
import type { IdRange } from '../tenants/id-map';

/** What a supervisor must know of the machine. It stands beside the Job, because nothing but the folder is handed over. */
export interface SupervisorSettings {
  root: string;
  nodePath: string;
  hostBuilderProgram: string;
  sidecarProgram: string;
  runtimesDir: string;
  /** Holds a password of the broker; the file is readable by its owner only. */
  sidecarAmqpUrl: string;
  /** Settings of the sidecar beyond those of every Job, such as prefixes of event types. */
  sidecarEnvironment?: Readonly<Record<string, string>>;
  /** What the builder gets beside its own: PATH, proxies, settings of package managers. */
  builderEnvironment: Readonly<Record<string, string>>;
  tenantUids?: IdRange;
}

/** `job.json`: written once, before the Job has its name. */
export interface JobRecord {
  uid: string;
  bootId: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  spec: JobSpec;
  settings: SupervisorSettings;
}

/** `supervisor.lock`: who runs the Job. Taken once and never given back, so that a Job never runs twice. */
export interface SupervisorLock extends Partial<ProcessIdentity> {
  /** Set where a supervisor never came, and shall not come any more. */
  abandoned?: true;
}

/** `status.json`: written by the supervisor alone, as a whole at each change. */
export interface StatusRecord {
  uid: string;
  pid: number;
  startTime: string;
  phase: JobState['phase'];
  builder?: ProcessIdentity;
  /** The group id of the builder's processes alone, where they run as another user. */
  builderGid?: number;
  sidecar?: ProcessIdentity;
  end?: ContainerEnd;
  /** ISO 8601. */
  endedAt?: string;
}

/** Marks in the environment of a Job's processes, so that those are found that leave session and parent. */
export function markersOf(uid: string): { builder: string; sidecar: string } {
  return { builder: `SLIPWAY_JOB=${uid}`, sidecar: `SLIPWAY_SIDECAR_OF=${uid}` };
}
