import type { FunctionDefinition } from './function-definition';

/** A function's process that has become ready. */
export interface RunningFunction {
  readonly port: number;
  /** Resolves when the process has ended, for whatever reason, with the line that says most about it. */
  readonly exited: Promise<string | undefined>;
  /** SIGTERM, then SIGKILL for the whole group after the grace; resolves when nothing of it is left. */
  stop(): Promise<void>;
}

export abstract class FunctionStarter {
  /**
   * Starts a process and waits until it is ready. Fails with `function_crashed` or `function_not_ready` and leaves
   * nothing running then.
   */
  abstract start(definition: FunctionDefinition): Promise<RunningFunction>;
}
