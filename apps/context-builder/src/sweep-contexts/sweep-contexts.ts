import type { Cause, ContextStore, ContextStores, StoredContext } from '@slipway/domain';
import {
  SWEEP_KEY,
  type Again,
  type ContextTtl,
  type DueStep,
  type DueWork,
  type ExpiredContext,
  type LeasedWork,
  type StoredContexts,
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
  everyMs: number;
}

const PAGE = 500;

/**
 * Due work `sweep-contexts`: records what lies in the stores and no record names, and removes contexts that nothing has used
 * for their time to live. Its lease lets one process sweep at a time; a step done twice does no harm.
 */
export class SweepContexts implements DueStep {
  readonly kind = 'sweep-contexts';
  readonly standing = SWEEP_KEY;
  readonly concurrency = 1;
  readonly maxTries = Infinity;

  constructor(private readonly ports: SweepContextsPorts) {}

  async run(_work: LeasedWork, signal: AbortSignal): Promise<Again> {
    await this.ports.metrics.run(this.ports.dryRun, async () => {
      const failures: unknown[] = [];
      for (const store of this.ports.stores.all) {
        // A store that is away must not keep the others full.
        await this.sweep(store, signal, failures).catch((error: unknown) => failures.push(error));
        signal.throwIfAborted();
      }
      if (failures.length > 0) throw failures[0];
    });
    return { againMs: this.ports.everyMs };
  }

  /** Never reached: sweeping has no last try. */
  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    await this.ports.due.failed(work, cause);
  }

  private async sweep(store: ContextStore, signal: AbortSignal, failures: unknown[]): Promise<void> {
    await this.adoptOrphans(store, signal);
    let page: ExpiredContext[] = [];
    do {
      page = await this.nextExpired(store, page.at(-1)?.key);
      this.ports.metrics.expired(store.kind, page);
      if (this.ports.dryRun) continue;
      for (const context of page) {
        // Without the lease another process may have removed it and a build have written it again.
        signal.throwIfAborted();
        await this.remove(store, context).catch((error: unknown) => failures.push(error));
      }
    } while (page.length === PAGE);
  }

  private nextExpired(store: ContextStore, after: string | undefined): Promise<ExpiredContext[]> {
    const { records, ttl, dryRun } = this.ports;
    return dryRun
      ? records.expired(store.kind, ttl, PAGE, after)
      : records.markExpired(store.kind, ttl, PAGE, after);
  }

  private async remove(store: ContextStore, context: ExpiredContext): Promise<void> {
    await store.remove(context.key);
    await this.ports.records.forget(store.kind, context.key);
    this.ports.metrics.removed(store.kind, context);
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
