import type { FunctionDefinition, FunctionLog } from '../function-definition';
import { FunctionStarter, type RunningFunction } from '../function-starter';

export const silent: FunctionLog = { info: () => undefined, warn: () => undefined };

export function aFunction(overrides: Partial<FunctionDefinition> = {}): FunctionDefinition {
  return {
    service: 'lambda-acme-hello-0000000001',
    tenant: 'acme',
    parser: 'hello',
    revision: 'lambda-acme-hello-0000000001-aaaaaaaa',
    digest: `sha256:${'a'.repeat(64)}`,
    options: {},
    triggers: [],
    ...overrides,
  };
}

/** A catalogue in memory. */
export class Functions {
  private listeners: ((functions: FunctionDefinition[]) => void)[] = [];
  private serving: FunctionDefinition[] = [];
  readonly others: FunctionDefinition[] = [];

  set(...functions: FunctionDefinition[]): void {
    this.serving = functions;
    for (const listener of this.listeners) listener(functions);
  }

  onChange(listener: (functions: FunctionDefinition[]) => void): void {
    this.listeners.push(listener);
  }

  find(service: string): Promise<FunctionDefinition | undefined> {
    return Promise.resolve(this.serving.find((each) => each.service === service));
  }

  revision(_service: string, revision: string): Promise<FunctionDefinition | undefined> {
    return Promise.resolve([...this.serving, ...this.others].find((each) => each.revision === revision));
  }
}

/** A process that a test lets become ready, fail or end. */
export class FakeProcess implements RunningFunction {
  readonly port: number;
  readonly exited: Promise<string | undefined>;
  stopped = false;
  crash: (line?: string) => void = () => undefined;
  ready: () => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  readonly started: Promise<RunningFunction>;

  constructor(
    readonly definition: FunctionDefinition,
    port: number,
  ) {
    this.port = port;
    this.exited = new Promise((resolve) => {
      this.crash = resolve;
    });
    this.started = new Promise((resolve, reject) => {
      this.ready = () => resolve(this);
      this.fail = reject;
    });
  }

  stop(): Promise<void> {
    this.stopped = true;
    this.crash();
    return Promise.resolve();
  }
}

export class FakeStarter extends FunctionStarter {
  readonly processes: FakeProcess[] = [];
  /** Whether processes are ready as soon as they are started. */
  instant = true;

  start(definition: FunctionDefinition): Promise<RunningFunction> {
    const process = new FakeProcess(definition, 1000 + this.processes.length);
    this.processes.push(process);
    if (this.instant) process.ready();
    return process.started;
  }

  get running(): FakeProcess[] {
    return this.processes.filter((process) => !process.stopped);
  }
}
