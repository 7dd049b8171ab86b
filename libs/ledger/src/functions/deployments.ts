import { type Cause, type ServiceState } from '@slipway/domain';
import { sql } from 'kysely';
import { json, oneRow, type Database, type Tx } from '../database/database';
import { schedule, type DueWork, type LeasedWork } from '../due-work/due-work';
import { firstSight, type InboxKey } from '../inbox';
import type { Facts, OutgoingMessage } from '../outbox/facts';
import { enqueue } from '../outbox/outbox';
import type { DeployData } from '@slipway/contracts';
import { nextSequences } from './counters';
import { lockedFunction, recordDelete, recordOptions, type FunctionRow } from './wishes';

export type WishVerdict = 'recorded' | 'duplicate' | 'unknown';

/** Who asked and why, for facts that a wish leads to. */
export interface AppliedState {
  status: 'ready' | 'failed' | 'deleted';
  state?: ServiceState;
  cause?: Cause;
  correlationId: string;
}

/** The functions' rows as the deployer uses them. */
export class Deployments {
  constructor(
    private readonly database: Database,
    private readonly due: DueWork,
    private readonly facts: Facts,
  ) {}

  async read(tenant: string, parser: string): Promise<FunctionRow | undefined> {
    return oneRow(
      this.database.kysely,
      sql`select * from functions where tenant = ${tenant} and parser = ${parser}`,
    );
  }

  /** Records new options for a function; `unknown` where it never existed. */
  async wishOptions(
    inbox: InboxKey,
    ids: { tenant: string; parser: string },
    deploy: DeployData,
  ): Promise<WishVerdict> {
    return this.wish(inbox, ids, (tx, row, sequence) => recordOptions(tx, row, deploy, sequence));
  }

  /** Records that a function shall go. */
  async wishDelete(inbox: InboxKey, ids: { tenant: string; parser: string }): Promise<WishVerdict> {
    return this.wish(inbox, ids, (tx, row, sequence) => recordDelete(tx, row, sequence));
  }

  private async wish(
    inbox: InboxKey,
    ids: { tenant: string; parser: string },
    write: (tx: Tx, row: FunctionRow, sequence: number) => Promise<void>,
  ): Promise<WishVerdict> {
    return this.database.transaction(async (tx) => {
      const row = await lockedFunction(tx, ids.tenant, ids.parser);
      if (!row) return 'unknown';
      if (!(await firstSight(tx, inbox))) return 'duplicate';
      const [sequence] = (await nextSequences(tx, [ids])).values();
      await write(tx, row, sequence!);
      return 'recorded';
    });
  }

  /**
   * Records what the platform now serves for the row as it was read, and announces it. Where another wish came meanwhile the
   * work stays due.
   */
  async applied(work: LeasedWork, row: FunctionRow, applied: AppliedState): Promise<void> {
    // Wishes lock the function before its work, so this does too.
    const lockFirst = (tx: Tx): Promise<unknown> => lockedFunction(tx, row.tenant, row.parser);
    await this.due.close(
      work,
      async (tx) => {
        const after = await oneRow<FunctionRow>(
          tx,
          sql`update functions set applied_version = ${row.wish_version}, applied_status = ${applied.status},
            applied_revision = ${applied.state?.revision ?? row.applied_revision},
            applied_build_id = ${row.code_build_id}, applied_digest = ${row.code_artifact?.digest ?? null},
            applied_cause = ${json(applied.cause)},
            url = ${applied.status === 'deleted' ? null : (applied.state?.url ?? row.url)}, version = version + 1,
            updated_at = clock_timestamp()
          where tenant = ${row.tenant} and parser = ${row.parser} and applied_version <= ${row.wish_version}
          returning *`,
        );
        if (!after) return;
        if (after.wish_version > row.wish_version) {
          await schedule(tx, 'deploy', [{ key: work.key, tenant: row.tenant }]);
        }
        await enqueue(tx, [this.factOf(after, row, applied)]);
      },
      lockFirst,
    );
  }

  private factOf(row: FunctionRow, wished: FunctionRow, applied: AppliedState): OutgoingMessage {
    return this.facts.message({
      type: `service.${applied.status}`,
      id: `${row.service}/${wished.wish_version}/${applied.status}`,
      tenant: row.tenant,
      parser: row.parser,
      correlationId: applied.correlationId,
      causationId: row.code_build_id ?? row.service,
      time: row.updated_at,
      data: {
        third_party_id: row.tenant,
        parser_id: row.parser,
        service_name: row.service,
        sequence: wished.wish_sequence,
        version: row.version,
        ...(row.url ? { url: row.url } : {}),
        ...(row.applied_revision ? { revision: row.applied_revision } : {}),
        ...(row.applied_digest ? { image_digest: row.applied_digest } : {}),
        ...(applied.cause ? { cause: applied.cause } : {}),
      },
    });
  }

  /** Asks for the row to be applied once more, although it was: somebody has changed the platform since. */
  async applyAgain(tenant: string, parser: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await sql`update functions set wish_version = wish_version + 1 where tenant = ${tenant} and parser = ${parser}`.execute(
        tx,
      );
      await schedule(tx, 'deploy', [{ key: `${tenant}/${parser}`, tenant }]);
    });
  }

  /** Lets go of deploy work that found nothing to do. */
  async nothingToDo(work: LeasedWork): Promise<void> {
    await this.due.close(work, async () => undefined);
  }
}
