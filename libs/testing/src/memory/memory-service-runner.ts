import {
  ServiceRunner,
  SlipwayError,
  type ErrorCode,
  type ServiceSpec,
  type ServiceState,
} from '@slipway/domain';

/** Services in memory: each apply is ready at once, unless the next one was asked to fail. */
export class MemoryServiceRunner extends ServiceRunner {
  private readonly services = new Map<string, ServiceState>();
  private failure: ErrorCode | undefined;
  /** What was applied with success, in order. */
  readonly applied: ServiceSpec[] = [];

  /** Lets one following apply fail; what served before goes on serving. */
  failNext(code: Extract<ErrorCode, 'function_crashed' | 'function_not_ready' | 'deploy_failed'>): void {
    this.failure = code;
  }

  async apply(spec: ServiceSpec): Promise<ServiceState> {
    const code = this.failure;
    this.failure = undefined;
    if (code) throw new SlipwayError(code, `The service ${spec.service} was asked to fail.`);
    const { service, revision, sequence } = spec;
    const state: ServiceState = { status: 'ready', revision, sequence, url: `http://${service}.localhost` };
    this.services.set(service, state);
    this.applied.push(spec);
    return { ...state };
  }

  async remove(service: string): Promise<void> {
    this.services.delete(service);
  }

  async status(service: string): Promise<ServiceState | undefined> {
    const state = this.services.get(service);
    return state && { ...state };
  }
}
