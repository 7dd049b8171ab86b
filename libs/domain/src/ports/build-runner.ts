import type { BuildPhase } from '../build/build';
import type { Cause } from '../errors/slipway-error';
import type { ContextGrant } from './context-store';

/** What a platform needs to run one attempt of a build. Plain data: a platform may store it and read it again after a restart. */
export interface JobSpec {
  /** Unique per attempt; starting a name twice adopts the first. */
  name: string;
  buildId: string;
  attempt: number;
  tenant: string;
  parser: string;
  identity: string;
  imageUri: string;
  correlationId: string;
  builder: string;
  container: ContainerSpec;
  context: ContextGrant;
  timeoutSeconds: number;
  /** How often the sidecar looks at the builder. */
  monitorIntervalSeconds: number;
}

/** What a builder plug-in asks to be run. */
export interface ContainerSpec {
  /** On `local` a program of ours and its arguments, on a cluster the image's arguments. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  memoryBytes: number;
}

/** Why a container ended other than by itself. */
export type EndReason = 'deadline' | 'oom' | 'stopped' | 'lost' | 'disk_full';

export interface ContainerEnd {
  /** Undefined where the process was killed or never started. */
  exitCode?: number;
  reason?: EndReason;
  /** `sha256:` + 64 hex, as the builder reports it; a claim until the registry confirms it. */
  digest?: string;
  /** The first and the last lines of the output, in which the cause is looked for. */
  head: readonly string[];
  tail: readonly string[];
}

export interface JobState {
  name: string;
  uid: string;
  buildId: string;
  attempt: number;
  phase: Extract<BuildPhase, 'starting' | 'building' | 'pushing' | 'done'>;
  /** Present once the builder has ended. */
  end?: ContainerEnd;
}

/** Runs Jobs. A Job is known by its name from `start` until `stop` has taken it away. */
export abstract class BuildRunner {
  /** Starts the Job, or adopts the one that has this name already. Returns its uid. */
  abstract start(spec: JobSpec): Promise<{ uid: string }>;
  /** The Job as it is now; undefined means that it is gone, which is the only proof of it. */
  abstract get(name: string): Promise<JobState | undefined>;
  /** Ends the Job with all its processes and removes it. Returns at once where it is gone already. */
  abstract stop(name: string): Promise<void>;
  /** All Jobs that exist; a hint for reconciling, never the proof that one is gone. */
  abstract list(): Promise<JobState[]>;
}

/** A piece of a Job's output, by byte offset. */
export interface LogChunk {
  bytes: Buffer;
  /** The offset after `bytes`. */
  next: number;
  /** Nothing will follow. */
  complete: boolean;
}

export abstract class BuildLogSource {
  /** At most `limit` bytes from `offset` on; empty where there is nothing new. Undefined once the Job is gone. */
  abstract read(name: string, offset: number, limit: number): Promise<LogChunk | undefined>;
}

/** What a sidecar can see of the builder beside it. */
export abstract class BuildObserver {
  /** How the builder ended, or undefined while it runs. */
  abstract observe(): Promise<ContainerEnd | undefined>;
}

/** A builder plug-in: pure functions from a plan to a container, and from its end to an outcome. */
export interface Builder {
  readonly name: string;
  container(plan: BuilderPlan): ContainerSpec;
  outcome(end: ContainerEnd): BuildOutcome;
}

export interface BuilderPlan {
  imageUri: string;
  memoryBytes: number;
}

/** `runtime` says what language version the builder really used, in its own words. */
export type BuildOutcome =
  { status: 'success'; digest: string; runtime?: string } | { status: 'failed' | 'timeout'; cause: Cause };
