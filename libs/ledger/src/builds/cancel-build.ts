import { SlipwayError } from '@slipway/domain';
import { sql } from 'kysely';
import { oneRow, rows, type Database, type Tx } from '../database/database';
import { schedule } from '../due-work/due-work';
import { firstSight, type InboxKey } from '../inbox';
import type { Facts } from '../outbox/facts';
import type { BuildRow } from './build-row';
import { transition } from './transition';

export interface CancelRequest {
  actor: string;
  reason?: string;
}

/**
 * Cancels one build. A build that is cancelled already is answered again as it is; one that succeeded or failed is refused
 * with `build_terminal`, an id that no build has with `unknown_build`.
 */
export async function cancelBuild(
  database: Database,
  facts: Facts,
  buildId: string,
  request: CancelRequest,
): Promise<BuildRow> {
  return database.transaction(async (tx) => {
    const cancelled = await cancelIn(tx, facts, buildId, request);
    if (cancelled) return cancelled;
    const build = await oneRow<BuildRow>(tx, sql`select * from builds where build_id = ${buildId}`);
    if (!build) throw new SlipwayError('unknown_build', `There is no build "${buildId}".`);
    if (build.status === 'cancelled') return build;
    throw new SlipwayError('build_terminal', `The build ${buildId} has already ended: ${build.status}.`);
  });
}

async function cancelIn(
  tx: Tx,
  facts: Facts,
  buildId: string,
  request: CancelRequest,
): Promise<BuildRow | undefined> {
  // Whoever prepares the build locks its work before the build, so this does too.
  await sql`select 1 from due_work where kind = 'prepare' and key = ${buildId} for update`.execute(tx);
  const told = { actor: request.actor, ...(request.reason ? { reason: request.reason } : {}) };
  const build = await transition(tx, facts, {
    name: 'cancel',
    owner: 'cancelBuild',
    buildId,
    actor: request.actor,
    detail: told,
    data: () => told,
  });
  if (!build) return undefined;
  await sql`delete from due_work where kind = 'prepare' and key = ${buildId}`.execute(tx);
  // The slot is free when the Job is gone, so what cancelling leaves behind is work for the launcher.
  await endAttempts(tx, build);
  return build;
}

/** Asks the launcher to take away every Job of a build that has ended. */
export async function endAttempts(tx: Tx, build: BuildRow): Promise<void> {
  const live = await rows<{ job_name: string }>(
    tx,
    sql`update build_attempts set ended_at = coalesce(ended_at, clock_timestamp())
      where build_id = ${build.build_id} and gone_at is null returning job_name`,
  );
  for (const attempt of live) await schedule(tx, 'stop', [{ key: attempt.job_name, tenant: build.tenant }]);
}

/** Cancels every live build of a function, and returns those that were. The same wish again cancels nothing that came since. */
export async function cancelFunctionBuilds(
  database: Database,
  facts: Facts,
  inbox: InboxKey,
  ids: { tenant: string; parser: string },
  request: CancelRequest,
): Promise<BuildRow[]> {
  return database.transaction(async (tx) => {
    if (!(await firstSight(tx, inbox))) return [];
    const live = await rows<{ build_id: string }>(
      tx,
      sql`select build_id from builds where tenant = ${ids.tenant} and parser = ${ids.parser}
        and status in ('pending', 'running') order by build_id`,
    );
    const cancelled: BuildRow[] = [];
    for (const { build_id: buildId } of live) {
      const build = await cancelIn(tx, facts, buildId, request);
      if (build) cancelled.push(build);
    }
    return cancelled;
  });
}
