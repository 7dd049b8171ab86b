import type { Cause } from '@slipway/domain';
import { sql } from 'kysely';
import { json, oneRow, rows, type Database, type Tx } from '../database/database';
import type { DueWork, LeasedWork } from '../due-work/due-work';
import type { Facts } from '../outbox/facts';
import type { BuildRow } from './build-row';
import { failedData } from './end-facts';
import { reuseIn, type BuiltArtifact } from './preparation';
import { transition } from './transition';

/** Builds that wait for the outcome of another one of the same content. */
export class Coalescing {
  constructor(
    private readonly database: Database,
    private readonly due: DueWork,
    private readonly facts: Facts,
  ) {}

  /** Unforced builds in the queue with this identity. */
  async waiters(identity: string): Promise<BuildRow[]> {
    return rows(
      this.database.kysely,
      sql`select * from builds where identity = ${identity} and status = 'pending' and phase = 'queued' and not forced
        order by queued_at, build_id`,
    );
  }

  /** Identities that unforced builds wait for although an artifact of them is known, for reconciling. */
  async unsettled(platform: string): Promise<{ identity: string; tenant: string }[]> {
    return rows(
      this.database.kysely,
      sql`select distinct b.identity, b.tenant from builds b join artifacts k using (identity)
        where b.platform = ${platform} and b.status = 'pending' and b.phase = 'queued' and not b.forced`,
    );
  }

  /**
   * Ends every waiter with what was built, each in a commit of its own: whoever cancels several of them at once would
   * otherwise hold some of their rows and wait for others that this holds.
   */
  async reuse(work: LeasedWork, waiters: readonly BuildRow[], built: BuiltArtifact): Promise<void> {
    for (const waiter of waiters) {
      await this.database.transaction((tx) => reuseIn(tx, this.facts, 'job-launcher', waiter, built));
    }
    await this.due.close(work, async () => undefined);
  }

  /** Ends those that waited while the named build failed with its cause, as `reuse` does. Later ones try for themselves. */
  async shareFailure(work: LeasedWork, waiters: readonly BuildRow[], failedBuild: string): Promise<void> {
    const failed = await oneRow<BuildRow>(
      this.database.kysely,
      sql`select * from builds where build_id = ${failedBuild} and status = 'failed'`,
    );
    if (failed?.cause && failed.completed_at) {
      const cause: Cause = { ...failed.cause, shared_from: failed.build_id };
      const before = failed.completed_at;
      for (const waiter of waiters.filter(({ queued_at: at }) => at !== null && at <= before)) {
        await this.database.transaction((tx) => this.failWith(tx, waiter, cause));
      }
    }
    await this.due.close(work, async () => undefined);
  }

  private failWith(tx: Tx, waiter: BuildRow, cause: Cause): Promise<BuildRow | undefined> {
    return transition(tx, this.facts, {
      name: 'shareFailure',
      owner: 'job-launcher',
      buildId: waiter.build_id,
      set: sql`cause = ${json(cause)}`,
      detail: { cause },
      data: (row) => failedData(row, cause),
    });
  }
}
