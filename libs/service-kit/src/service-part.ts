/** Something that an app consists of besides its controllers: it is started, asked how it is, and stopped. */
export interface ServicePart {
  readonly name: string;
  start(): Promise<void>;
  /** Resolves when it can do its work now; rejects with the reason when not. */
  check(): Promise<void>;
  stop(graceMs: number): Promise<void>;
}

/** The parts of an app in the order of their start; they are stopped in the opposite one. */
export abstract class ServiceParts {
  abstract readonly parts: readonly ServicePart[];
}

/** Whether the app has started, and is not stopping. */
export class Lifecycle {
  state: 'starting' | 'running' | 'stopping' = 'starting';
}
