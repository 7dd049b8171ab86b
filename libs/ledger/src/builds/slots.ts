import { imageUriOf, jobNameOf } from '@slipway/domain';
import { sql } from 'kysely';
import { oneRow, rows, type Database, type Tx } from '../database/database';
import { schedule } from '../due-work/due-work';
import { mayBegin, takeToken, type RateLimits } from '../rates/rates';
import type { Facts } from '../outbox/facts';
import type { AttemptRow, BuildRow } from './build-row';
import { waitingBuilds } from './queue-order';
import { transition } from './transition';

export interface SlotLimits {
  platform: string;
  /** Jobs at once on the platform. */
  total: number;
  /** Jobs at once of one tenant. */
  perTenant: number;
  imageRepository: string;
  /** How often Jobs may be started. */
  rates?: RateLimits;
}

/** Gives free slots to waiting builds. */
export class Slots {
  constructor(
    private readonly database: Database,
    private readonly facts: Facts,
  ) {}

  /**
   * Claims what may start now, one claim after the other under the queue's lock: attempt, Job name and deadline are stored,
   * and due work `launch` creates the Job. Returns the claims.
   */
  async claim(limits: SlotLimits): Promise<AttemptRow[]> {
    return this.database.transaction(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('slipway-slots'), hashtext(${limits.platform}))`.execute(
        tx,
      );
      const claimed: AttemptRow[] = [];
      for (let free = await this.free(tx, limits); free > 0; free -= 1) {
        const next = await this.next(tx, limits);
        if (!next) break;
        const attempt = await this.start(tx, next.build_id, limits);
        if (!attempt) continue;
        claimed.push(attempt);
      }
      return claimed;
    });
  }

  private async free(tx: Tx, limits: SlotLimits): Promise<number> {
    const row = await oneRow<{ n: number }>(
      tx,
      sql`select count(*) as n from build_attempts where platform = ${limits.platform} and gone_at is null`,
    );
    return limits.total - (row?.n ?? 0);
  }

  private async next(tx: Tx, limits: SlotLimits): Promise<{ build_id: string } | undefined> {
    return oneRow(
      tx,
      sql`select build_id from ${waitingBuilds(limits.platform)} q where rank <= ${limits.perTenant}
          and ${mayBegin('job', limits.rates ?? {}, sql`q.tenant`)}
        order by position limit 1`,
    );
  }

  private async start(tx: Tx, buildId: string, limits: SlotLimits): Promise<AttemptRow | undefined> {
    const before = await oneRow<BuildRow>(
      tx,
      sql`select * from builds where build_id = ${buildId} for update`,
    );
    if (!before?.identity) return undefined;
    const attempt = before.attempt + 1;
    const imageUri = imageUriOf({
      repository: limits.imageRepository,
      tenant: before.tenant,
      parser: before.parser,
      identity: before.identity,
      ...(before.forced || attempt > 1 ? { unique: { buildId, attempt } } : {}),
    });
    const build = await transition(tx, this.facts, {
      name: 'claim',
      owner: 'job-launcher',
      buildId,
      attempt: before.attempt,
      set: sql`attempt = ${attempt}, image_uri = ${imageUri}, not_before = null,
        started_at = coalesce(started_at, clock_timestamp())`,
      data: (row) => ({ status: row.status, phase: row.phase, attempt: row.attempt }),
    });
    if (!build) return undefined;
    await takeToken(tx, 'job', limits.rates ?? {}, build.tenant);
    const jobName = jobNameOf(buildId, attempt);
    await schedule(tx, 'launch', [{ key: jobName, tenant: build.tenant }]);
    return oneRow<AttemptRow>(
      tx,
      sql`insert into build_attempts (build_id, attempt, tenant, platform, identity, job_name, image_uri, deadline_at)
        values (${buildId}, ${attempt}, ${build.tenant}, ${limits.platform}, ${build.identity}, ${jobName}, ${imageUri},
          clock_timestamp() + ${build.timeout_seconds} * interval '1 second')
        returning *`,
    );
  }

  /** Attempts that hold a slot. */
  async held(platform: string): Promise<AttemptRow[]> {
    return rows(
      this.database.kysely,
      sql`select * from build_attempts where platform = ${platform} and gone_at is null`,
    );
  }
}
