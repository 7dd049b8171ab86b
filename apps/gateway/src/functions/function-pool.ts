import { SlipwayError, type Clock } from '@slipway/domain';
import type { FunctionCatalogue } from './function-catalogue';
import type { FunctionDefinition, FunctionLog } from './function-definition';
import type { Lease } from './function-instance';
import { FunctionSlot, type SlotSettings } from './function-slot';
import type { FunctionStarter } from './function-starter';

export interface FunctionPoolOptions {
  catalogue: Pick<FunctionCatalogue, 'find' | 'revision' | 'onChange'>;
  starter: FunctionStarter;
  clock: Clock;
  log: FunctionLog;
  /** Default 60. */
  idleSeconds?: number;
  /** Default 1000. */
  queueLimit?: number;
  onColdStart?: (milliseconds: number) => void;
}

/** A function that may be called now. */
export interface AcquiredFunction extends Lease {
  definition: FunctionDefinition;
}

const IDLE_SECONDS = 60;
const QUEUE_LIMIT = 1_000;
const SWEEP_MS = 1_000;

/** All function processes of this machine. Nobody else starts or stops one. */
export class FunctionPool {
  private readonly slots = new Map<string, FunctionSlot>();
  private readonly settings: SlotSettings;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: FunctionPoolOptions) {
    const { starter, clock, log } = options;
    this.settings = {
      starter,
      log,
      now: () => clock.now(),
      idleMs: (options.idleSeconds ?? IDLE_SECONDS) * 1000,
      queueLimit: options.queueLimit ?? QUEUE_LIMIT,
      onColdStart: options.onColdStart ?? (() => undefined),
    };
    options.catalogue.onChange((functions) => this.sync(functions));
  }

  /** Starts the look after idle and missing processes. */
  start(): void {
    this.timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** Fails with `not_found`, `unavailable`, `function_crashed` or `function_not_ready`. */
  async acquire(service: string, signal: AbortSignal): Promise<AcquiredFunction> {
    const definition = await this.options.catalogue.find(service);
    if (definition === undefined) throw notFound(service);
    if (this.closed)
      throw new SlipwayError('unavailable', 'The gateway is stopping.', { retryAfterSeconds: 5 });
    const { port, release } = await this.slot(service).acquire(definition, signal);
    return { definition, port, release };
  }

  /** Starts a revision that does not serve yet, and keeps it for the moment when it does. */
  async trial(service: string, revision: string): Promise<void> {
    const definition = await this.options.catalogue.revision(service, revision);
    if (definition === undefined) throw notFound(`${service}, revision ${revision}`);
    await this.slot(service).trial(definition);
  }

  async removed(service: string): Promise<void> {
    const slot = this.slots.get(service);
    this.slots.delete(service);
    await slot?.close();
  }

  sweep(): void {
    for (const [service, slot] of this.slots) {
      slot.sweep();
      if (slot.unused) this.slots.delete(service);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all([...this.slots.values()].map((slot) => slot.close()));
  }

  private sync(functions: FunctionDefinition[]): void {
    const serving = new Map(functions.map((definition) => [definition.service, definition]));
    for (const [service, slot] of this.slots) if (!serving.has(service)) slot.serve(undefined);
    for (const [service, definition] of serving) this.slot(service).serve(definition);
    this.sweep();
  }

  private slot(service: string): FunctionSlot {
    const slot = this.slots.get(service) ?? new FunctionSlot(service, this.settings);
    this.slots.set(service, slot);
    return slot;
  }
}

function notFound(what: string): SlipwayError {
  return new SlipwayError('not_found', `There is no function ${what}.`, {
    hint: 'Check the name; GET /functions lists all.',
  });
}
