import { SlipwayError } from '@slipway/domain';
import { Backoff } from './backoff';
import type { FunctionDefinition, FunctionLog } from './function-definition';
import { FunctionInstance, type Lease } from './function-instance';
import type { FunctionStarter } from './function-starter';

export interface SlotSettings {
  starter: FunctionStarter;
  now: () => number;
  log: FunctionLog;
  idleMs: number;
  /** Requests that may wait for one process. */
  queueLimit: number;
  onColdStart: (milliseconds: number) => void;
}

/** The process of one revision, or the start of it that all wait for. */
interface Entry {
  definition: FunctionDefinition;
  /** It served once and another does now: it ends as soon as its requests are done. */
  retired: boolean;
  starting: Promise<FunctionInstance>;
  instance?: FunctionInstance;
  readyAt?: number;
}

/** The processes of one service: that of the revision that serves, those of earlier ones that finish, those on trial. */
export class FunctionSlot {
  private readonly entries = new Map<string, Entry>();
  private readonly backoffs = new Map<string, Backoff>();
  private readonly stopping = new Set<Promise<void>>();
  private current: FunctionDefinition | undefined;

  constructor(
    private readonly service: string,
    private readonly settings: SlotSettings,
  ) {}

  /** Sets what serves; undefined where nothing does any more. */
  serve(definition: FunctionDefinition | undefined): void {
    const before = this.current;
    this.current = definition;
    const old = before && this.entries.get(before.revision);
    if (old !== undefined && before?.revision !== definition?.revision) old.retired = true;
    const now = definition && this.entries.get(definition.revision);
    if (now !== undefined) now.retired = false;
    for (const revision of this.backoffs.keys()) {
      if (revision !== definition?.revision) this.backoffs.delete(revision);
    }
  }

  /** Starts the process where none runs; whoever comes meanwhile waits for the same start. */
  async acquire(definition: FunctionDefinition, signal: AbortSignal): Promise<Lease> {
    for (;;) {
      const entry = this.entries.get(definition.revision) ?? this.startAfterBackoff(definition);
      const instance = await abortable(entry.starting, signal);
      if (!instance.closed) return instance.enter(definition.options.concurrency, signal);
    }
  }

  /** Starts a revision whether or not it failed a moment ago, and leaves it running for when it is to serve. */
  async trial(definition: FunctionDefinition): Promise<void> {
    const entry = this.entries.get(definition.revision) ?? this.start(definition);
    await entry.starting;
  }

  /** To be called about every second: stops what is idle or retired, starts what has to be there. */
  sweep(): void {
    for (const entry of this.entries.values()) {
      const { instance } = entry;
      if (instance === undefined || instance.busy) continue;
      if (entry.retired || (!this.isKept(entry) && instance.idleMs() >= this.settings.idleMs))
        this.end(entry, instance);
    }
    const { current } = this;
    if (current === undefined || !mustRun(current) || this.entries.has(current.revision)) return;
    if (this.backoffOf(current).waitMs() === 0) this.start(current).starting.catch(() => undefined);
  }

  get unused(): boolean {
    return this.current === undefined && this.entries.size === 0 && this.stopping.size === 0;
  }

  /** Stops everything; requests in flight get the grace that processes get. */
  async close(): Promise<void> {
    this.current = undefined;
    const starting = [...this.entries.values()].map((entry) => entry.starting.then((it) => it.stop()));
    this.entries.clear();
    // A start that fails has nothing left to stop, and whoever waited for it was told.
    await Promise.allSettled([...starting, ...this.stopping]);
  }

  private isKept(entry: Entry): boolean {
    return entry.definition.revision === this.current?.revision && mustRun(this.current);
  }

  private startAfterBackoff(definition: FunctionDefinition): Entry {
    const waitMs = this.backoffOf(definition).waitMs();
    if (waitMs === 0) return this.start(definition);
    const message = `The function ${this.service} ended unexpectedly and is started again in a moment.`;
    throw new SlipwayError('unavailable', message, { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  private start(definition: FunctionDefinition): Entry {
    const began = this.settings.now();
    const entry: Entry = { definition, retired: false, starting: this.bringUp(definition) };
    this.entries.set(definition.revision, entry);
    entry.starting.then(
      (instance) => {
        entry.instance = instance;
        entry.readyAt = this.settings.now();
        this.settings.onColdStart(entry.readyAt - began);
        void instance.exited.then((lastLine) => this.exited(entry, lastLine));
      },
      (error: unknown) => {
        this.settings.log.warn({ err: error, service: this.service }, 'a function did not start');
        this.failed(entry);
      },
    );
    return entry;
  }

  private async bringUp(definition: FunctionDefinition): Promise<FunctionInstance> {
    const { starter, queueLimit, now } = this.settings;
    return new FunctionInstance(definition, await starter.start(definition), queueLimit, now);
  }

  /** An end that nobody asked for. One that was asked for has taken its entry away before. */
  private exited(entry: Entry, lastLine: string | undefined): void {
    if (this.entries.get(entry.definition.revision) !== entry) return;
    this.settings.log.warn({ service: this.service, line: lastLine }, 'a function ended unexpectedly');
    this.failed(entry);
  }

  private failed(entry: Entry): void {
    if (this.entries.get(entry.definition.revision) !== entry) return;
    this.entries.delete(entry.definition.revision);
    const now = this.settings.now();
    this.backoffOf(entry.definition).failed(now - (entry.readyAt ?? now));
  }

  private end(entry: Entry, instance: FunctionInstance): void {
    this.entries.delete(entry.definition.revision);
    this.backoffs.delete(entry.definition.revision);
    const stopped = instance
      .stop()
      .catch((error: unknown) =>
        this.settings.log.warn({ err: error, service: this.service }, 'a function does not end'),
      )
      .finally(() => this.stopping.delete(stopped));
    this.stopping.add(stopped);
  }

  private backoffOf({ revision }: FunctionDefinition): Backoff {
    const backoff = this.backoffs.get(revision) ?? new Backoff(this.settings.now);
    this.backoffs.set(revision, backoff);
    return backoff;
  }
}

function mustRun(definition: FunctionDefinition): boolean {
  return (definition.options.min_scale ?? 0) >= 1;
}

/** The promise, or the signal's reason where that comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(signal.reason as Error);
    if (signal.aborted) return gone();
    signal.addEventListener('abort', gone, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone));
  });
}
