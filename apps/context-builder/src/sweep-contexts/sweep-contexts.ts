import {
  causeOf,
  type Cause,
  type ContextStore,
  type ContextStores,
  type StoredContext,
} from '@slipway/domain';
import {
  SWEEP_KEY,
  isLedgerAway,
  type Again,
  type ContextTtl,
  type DueStep,
  type DueWork,
  type ExpiredContext,
  type LeasedWork,
  type StoredContexts,
  type WorkerLog,
} from '@slipway/ledger';
import type { SweepMetrics } from './sweep-metrics';

export interface SweepContextsPorts {
  records: StoredContexts;
  due: DueWork;
  stores: ContextStores;
  ttl: ContextTtl;
  /** Counts what it would do, and does nothing. */
  dryRun: boolean;
  metrics: SweepMetrics;
  logger: WorkerLog;
  everyMs: number;
}

const PAGE = 500;

/**
 * Due work `sweep-contexts`: records what lies in the stores and no record names, and removes contexts that nothing has used
 * for their time to live. Its lease lets one process sweep at a time.
 */
export class SweepContexts implements DueStep {
  readonly kind = 'sweep-contexts';
  readonly standing = SWEEP_KEY;
  readonly concurrency = 1;
  readonly maxTries = Infinity;

  constructor(private readonly ports: SweepContextsPorts) {}

  async run(_work: LeasedWork, signal: AbortSignal): Promise<Again> {
    const { stores, metrics, dryRun, everyMs } = this.ports;
    const failures: unknown[] = [];
    await metrics.run(dryRun, failures, async () => {
      for (const store of stores.all) {
        // A store that is away must not keep the others full.
        await this.sweep(store, signal, failures).catch((error: unknown) => this.note(failures, error));
        signal.throwIfAborted();
      }
    });
    const passing = failures.find((error) => causeOf(error).retryable);
    if (passing !== undefined) throw passing;
    return { againMs: everyMs };
  }

  /** Never reached: sweeping has no last try, and what no repetition mends waits for the next sweep. */
  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    await this.ports.due.failed(work, cause);
  }

  /** Notes what went wrong with one context or store, so that the others are swept all the same. */
  private note(failures: unknown[], error: unknown): void {
    // Without the ledger there is no lease to go on under.
    if (isLedgerAway(error)) throw error;
    failures.push(error);
    this.ports.logger.warn({ err: error }, 'a context could not be swept');
  }

  private async sweep(store: ContextStore, signal: AbortSignal, failures: unknown[]): Promise<void> {
    const { records, ttl, dryRun, metrics } = this.ports;
    await this.adoptOrphans(store, signal);
    let page: ExpiredContext[] = [];
    do {
      page = await records.expired(store.kind, ttl, PAGE, page.at(-1)?.key);
      metrics.expired(store.kind, page);
      if (dryRun) continue;
      for (const context of page) {
        // Without the lease another process may have removed it and a build have written it again.
        signal.throwIfAborted();
        await this.remove(store, context).catch((error: unknown) => this.note(failures, error));
      }
    } while (page.length === PAGE);
  }

  private async remove(store: ContextStore, context: ExpiredContext): Promise<void> {
    const { records, ttl, metrics } = this.ports;
    if (!(await records.mark(store.kind, context.key, ttl))) return;
    try {
      await store.remove(context.key);
    } catch (error) {
      // One that was refused lies there as before; one without an answer may be gone, and is removed again.
      if (!causeOf(error).retryable) await records.keep(store.kind, context.key);
      throw error;
    }
    await records.forget(store.kind, context.key);
    metrics.removed(store.kind, context);
  }

  private async adoptOrphans(store: ContextStore, signal: AbortSignal): Promise<void> {
    let page: StoredContext[] = [];
    const adopt = async (): Promise<void> => {
      signal.throwIfAborted();
      const orphans = await this.ports.records.orphans(store.kind, page);
      if (!this.ports.dryRun) await this.ports.records.adopt(store.kind, orphans);
      this.ports.metrics.orphans(store.kind, orphans);
      page = [];
    };
    for await (const context of store.list()) if (page.push(context) === PAGE) await adopt();
    if (page.length > 0) await adopt();
  }
}
