import { SlipwayError, causeOf, type Artifact, type Cause } from '@slipway/domain';
import { sql } from 'kysely';
import { changed, json, oneRow, rows, type Database, type Tx } from '../database/database';
import { schedule, type DueWork, type LeasedWork } from '../due-work/due-work';
import { recordCode } from '../functions/wishes';
import { firstSight, type InboxKey } from '../inbox';
import type { Facts } from '../outbox/facts';
import type { AttemptReport, AttemptRow, BuildRow } from './build-row';
import { endAttempts } from './cancel-build';
import { completeData, failedData } from './end-facts';
import { transition } from './transition';

export interface AttemptOfBuild {
  build: BuildRow;
  attempt: AttemptRow;
}

/** What becomes of a report: recorded, of an attempt that is over, or naming what does not exist. */
export type ReportVerdict = 'recorded' | 'stale' | 'unknown' | 'mismatch';

/** What the launcher writes about running builds. */
export class Attempts {
  constructor(
    private readonly database: Database,
    private readonly due: DueWork,
    private readonly facts: Facts,
  ) {}

  async byJob(jobName: string): Promise<AttemptOfBuild | undefined> {
    const attempt = await oneRow<AttemptRow>(
      this.database.kysely,
      sql`select *, extract(epoch from clock_timestamp() - end_seen_at)::float8 as end_age_seconds
        from build_attempts where job_name = ${jobName}`,
    );
    if (!attempt) return undefined;
    const build = await oneRow<BuildRow>(
      this.database.kysely,
      sql`select * from builds where build_id = ${attempt.build_id}`,
    );
    return { attempt, build: build! };
  }

  /** Stores the uid of the Job that was created, and begins to follow it. */
  async launched(work: LeasedWork, { attempt }: AttemptOfBuild, uid: string): Promise<void> {
    await this.due.close(work, async (tx) => {
      await sql`update build_attempts set job_uid = ${uid} where job_name = ${attempt.job_name}`.execute(tx);
      await schedule(tx, 'follow', [{ key: attempt.job_name, tenant: attempt.tenant }]);
    });
  }

  /** Moves the phase on; undefined where the build is further or elsewhere. */
  async progress({ build }: AttemptOfBuild, phase: 'building' | 'pushing'): Promise<BuildRow | undefined> {
    return this.database.transaction((tx) =>
      transition(tx, this.facts, {
        name: 'progress',
        owner: 'job-launcher',
        buildId: build.build_id,
        attempt: build.attempt,
        phase,
        data: (row) => ({ status: row.status, phase: row.phase, attempt: row.attempt }),
      }),
    );
  }

  /** Records what a sidecar claims, once, and asks for its verification. */
  async report(
    inbox: InboxKey,
    claim: { buildId: string; attempt: number; jobUid: string; report: AttemptReport },
  ): Promise<ReportVerdict> {
    return this.database.transaction(async (tx) => {
      const attempt = await oneRow<AttemptRow>(
        tx,
        sql`select * from build_attempts where build_id = ${claim.buildId} and attempt = ${claim.attempt} for update`,
      );
      if (!attempt) return 'unknown';
      // A Job that was just created may report before its uid is stored; the launcher compares again on verification.
      if (attempt.job_uid !== null && attempt.job_uid !== claim.jobUid) return 'mismatch';
      if (attempt.ended_at || !(await firstSight(tx, inbox))) return 'stale';
      await sql`update build_attempts set report = ${json({ ...claim.report, job_uid: claim.jobUid })}
        where job_name = ${attempt.job_name} and report is null`.execute(tx);
      await schedule(tx, 'follow', [{ key: attempt.job_name, tenant: attempt.tenant }]);
      return 'recorded';
    });
  }

  /** Notes that the Job has ended by itself, and asks for the verification. */
  async endSeen(attempt: AttemptRow, end: AttemptReport): Promise<void> {
    await this.database.transaction(async (tx) => {
      const count = await changed(
        tx,
        sql`update build_attempts set end_seen_at = clock_timestamp(), job_end = ${json(end)}
          where job_name = ${attempt.job_name} and end_seen_at is null and ended_at is null`,
      );
      if (count === 1) await schedule(tx, 'verify', [{ key: attempt.job_name, tenant: attempt.tenant }]);
    });
  }

  async logComplete(work: LeasedWork, attempt: AttemptRow): Promise<void> {
    await this.due.close(work, async (tx) => {
      await sql`update build_attempts set log_complete = true where job_name = ${attempt.job_name}`.execute(
        tx,
      );
      await sql`update due_work set due_at = clock_timestamp(), wakes = wakes + 1
        where kind = 'verify' and key = ${attempt.job_name}`.execute(tx);
    });
  }

  /** Ends a build well: the digest is verified, becomes the function's wish and what equal contents are answered with. */
  async succeed(
    work: LeasedWork,
    { build, attempt }: AttemptOfBuild,
    artifact: Artifact,
  ): Promise<BuildRow | undefined> {
    return this.due.close(work, async (tx) => {
      const ended = await transition(tx, this.facts, {
        name: 'succeed',
        owner: 'job-launcher',
        buildId: build.build_id,
        attempt: attempt.attempt,
        set: sql`artifact = ${json(artifact)}, image_uri = ${attempt.image_uri}, exit_code = 0`,
        detail: {
          digest: artifact.digest,
          ...(attempt.job_end?.runtime ? { runtime: attempt.job_end.runtime } : {}),
        },
        data: (row) => completeData(row, attempt.job_uid),
      });
      if (!ended) return undefined;
      await sql`insert into artifacts as k (identity, tenant, image_uri, artifact, build_id)
        values (${attempt.identity}, ${build.tenant}, ${attempt.image_uri}, ${json(artifact)}, ${build.build_id})
        on conflict (identity) do update set image_uri = excluded.image_uri, artifact = excluded.artifact,
          build_id = excluded.build_id`.execute(tx);
      await recordCode(tx, ended);
      await this.afterEnd(tx, ended);
      return ended;
    });
  }

  /** Ends a build with its cause. Lasting causes also end those that wait for the same content. */
  async fail(
    work: LeasedWork,
    { build, attempt }: AttemptOfBuild,
    cause: Cause,
    exitCode: number | undefined,
  ): Promise<BuildRow | undefined> {
    return this.due.close(work, async (tx) => {
      const ended = await transition(tx, this.facts, {
        name: 'fail',
        owner: 'job-launcher',
        buildId: build.build_id,
        attempt: attempt.attempt,
        set: sql`cause = ${json(cause)}, exit_code = ${exitCode ?? null}`,
        detail: { cause },
        data: (row) => failedData(row, cause, attempt.job_uid),
      });
      if (ended) await this.afterEnd(tx, ended, isShared(cause) ? { failed: ended.build_id } : undefined);
      return ended;
    });
  }

  /** Sends the build back into the queue for another attempt after a pause. */
  async retry(
    work: LeasedWork,
    { build, attempt }: AttemptOfBuild,
    cause: Cause,
    delaySeconds: number,
  ): Promise<BuildRow | undefined> {
    return this.due.close(work, async (tx) => {
      const queued = await transition(tx, this.facts, {
        name: 'retry',
        owner: 'job-launcher',
        buildId: build.build_id,
        attempt: attempt.attempt,
        set: sql`not_before = clock_timestamp() + ${delaySeconds} * interval '1 second'`,
        detail: { cause, attempt: attempt.attempt },
        data: (row) => ({ status: row.status, phase: row.phase, attempt: row.attempt, cause }),
      });
      if (queued) await endAttempts(tx, queued);
      return queued;
    });
  }

  /**
   * Frees the slot: the platform has said that the Job is gone. A build that still counted on it is tried again or, after
   * its last attempt, fails as lost.
   */
  async gone(work: LeasedWork, jobName: string, maxAttempts: number): Promise<void> {
    // Whoever cancels locks the build before its Jobs' work, so this does too.
    const lockFirst = (tx: Tx): Promise<unknown> =>
      sql`select 1 from builds where build_id = (select build_id from build_attempts where job_name = ${jobName})
        for update`.execute(tx);
    await this.due.close(
      work,
      async (tx) => {
        const row = await oneRow<AttemptRow>(
          tx,
          sql`update build_attempts set gone_at = clock_timestamp(), ended_at = coalesce(ended_at, clock_timestamp())
          where job_name = ${jobName} and gone_at is null returning *`,
        );
        if (!row) return;
        await this.lose(tx, row, maxAttempts);
        // A slot or an identity became free: whoever waits is looked at.
        await schedule(tx, 'settle', [{ key: row.identity, tenant: row.tenant }]);
      },
      lockFirst,
    );
  }

  private async lose(tx: Tx, attempt: AttemptRow, maxAttempts: number): Promise<void> {
    const cause = causeOf(
      new SlipwayError('lost', `The Job ${attempt.job_name} was removed while its build ran.`),
    );
    const again = attempt.attempt < maxAttempts;
    await transition(tx, this.facts, {
      name: again ? 'retry' : 'fail',
      owner: 'job-launcher',
      buildId: attempt.build_id,
      attempt: attempt.attempt,
      set: again ? undefined : sql`cause = ${json(cause)}`,
      detail: { cause },
      data: (row) =>
        again ? { status: row.status, phase: row.phase, attempt: row.attempt } : failedData(row, cause),
    });
  }

  /** Attempts past their deadline by `graceSeconds`, by the database's clock. */
  async overdue(platform: string, graceSeconds: number): Promise<AttemptRow[]> {
    return rows(
      this.database.kysely,
      sql`select a.* from build_attempts a join builds b using (build_id)
        where a.platform = ${platform} and a.ended_at is null and b.status = 'running' and b.attempt = a.attempt
          and a.end_seen_at is null and a.deadline_at + ${graceSeconds} * interval '1 second' < clock_timestamp()`,
    );
  }

  private async afterEnd(tx: Tx, build: BuildRow, payload?: Record<string, unknown>): Promise<void> {
    await endAttempts(tx, build);
    if (build.identity)
      await schedule(tx, 'settle', [{ key: build.identity, tenant: build.tenant, payload }]);
  }
}

/** Whether a failure says something about the content, so that building it again would end the same way. */
function isShared(cause: Cause): boolean {
  return !cause.retryable && cause.code !== 'deadline' && cause.code !== 'oom';
}
