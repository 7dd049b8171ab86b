import type { DeploymentStatus, Artifact } from '../build/build';
import type { DeployOptions, TriggerSpec } from '../function/function';
import type { Cause } from '../errors/slipway-error';

/** What a function's service shall be. `sequence` is written beside it, so that a late worker sees that it is late. */
export interface ServiceSpec {
  service: string;
  revision: string;
  tenant: string;
  parser: string;
  sequence: number;
  artifact: Artifact;
  options: DeployOptions;
  triggers: TriggerSpec[];
}

export interface ServiceState {
  status: Extract<DeploymentStatus, 'ready' | 'failed' | 'pending'>;
  revision: string;
  sequence: number;
  url: string;
  cause?: Cause;
}

export abstract class ServiceRunner {
  /**
   * Makes the service serve this revision, and returns when it is ready. Fails with `function_crashed`,
   * `function_not_ready` or `deploy_failed`; the revision that served before then goes on serving.
   */
  abstract apply(spec: ServiceSpec): Promise<ServiceState>;
  /** Takes the service away; done where it is gone already. */
  abstract remove(service: string): Promise<void>;
  /** What serves now; undefined where there is none. */
  abstract status(service: string): Promise<ServiceState | undefined>;
}
