import type { Artifact, Cause, ContextReference } from '@slipway/domain';
import { sql } from 'kysely';
import { contextStored } from '../contexts/stored-contexts';
import { json, oneRow, type Database, type Tx } from '../database/database';
import { schedule, type DueWork, type LeasedWork } from '../due-work/due-work';
import { recordCode } from '../functions/wishes';
import type { Facts } from '../outbox/facts';
import type { BuildRow } from './build-row';
import { completeData, failedData } from './end-facts';
import { recordHistory, transition } from './transition';

export interface BuiltArtifact {
  identity: string;
  artifact: Artifact;
  image_uri: string;
  build_id: string;
}

/** What the context-builder writes about a build: each method ends its due work `prepare` in the same commit. */
export class Preparation {
  constructor(
    private readonly database: Database,
    private readonly due: DueWork,
    private readonly facts: Facts,
  ) {}

  /** Says that the work on the context has begun. Undefined where the build has ended (cancelled) meanwhile. */
  async begin(buildId: string): Promise<BuildRow | undefined> {
    return this.database.transaction(async (tx) => {
      const moved = await transition(tx, this.facts, {
        name: 'prepare',
        owner: 'context-builder',
        buildId,
        data: (build) => ({ status: build.status, phase: build.phase, attempt: build.attempt }),
      });
      if (moved) return moved;
      return oneRow<BuildRow>(
        tx,
        sql`select * from builds where build_id = ${buildId} and status = 'pending' and phase = 'preparing'`,
      );
    });
  }

  /** Adds remarks to the history, such as a runtime near the end of its life. */
  async note(build: BuildRow, notes: readonly string[]): Promise<void> {
    if (notes.length === 0) return;
    await this.database.transaction((tx) =>
      recordHistory(tx, [{ build, type: 'note', actor: 'context-builder', detail: { notes } }]),
    );
  }

  /** What was built from this content before, if anything. */
  async builtBefore(identity: string): Promise<BuiltArtifact | undefined> {
    return oneRow<BuiltArtifact>(
      this.database.kysely,
      sql`select identity, artifact, image_uri, build_id from artifacts where identity = ${identity}`,
    );
  }

  /** Forgets an artifact that the registry no longer holds. */
  async forgetArtifact(built: BuiltArtifact): Promise<void> {
    await sql`delete from artifacts where identity = ${built.identity} and build_id = ${built.build_id}`.execute(
      this.database.kysely,
    );
  }

  /** Puts the build into the queue for a slot. */
  async queue(
    work: LeasedWork,
    build: BuildRow,
    prepared: { identity: string; runtime: string; context: ContextReference; imageUri: string },
  ): Promise<BuildRow | undefined> {
    return this.due.close(work, async (tx) => {
      await contextStored(tx, prepared.context);
      const queued = await transition(tx, this.facts, {
        name: 'queue',
        owner: 'context-builder',
        buildId: build.build_id,
        set: sql`identity = ${prepared.identity}, runtime = ${prepared.runtime}, context = ${json(prepared.context)},
          image_uri = ${prepared.imageUri}, queued_at = clock_timestamp()`,
        detail: { content_hash: prepared.identity, runtime: prepared.runtime },
        data: (row) => ({
          context: row.context,
          image_uri: row.image_uri,
          priority: row.priority,
        }),
      });
      if (queued) await schedule(tx, 'settle', [{ key: prepared.identity, tenant: build.tenant }]);
      return queued;
    });
  }

  /** Ends a build whose wish was the context alone. */
  async finishContext(
    work: LeasedWork,
    build: BuildRow,
    prepared: { identity: string; runtime: string; context: ContextReference },
  ): Promise<BuildRow | undefined> {
    return this.due.close(work, async (tx) => {
      await contextStored(tx, prepared.context);
      return transition(tx, this.facts, {
        name: 'finishContext',
        owner: 'context-builder',
        buildId: build.build_id,
        set: sql`identity = ${prepared.identity}, runtime = ${prepared.runtime}, context = ${json(prepared.context)}`,
        data: (row) => completeData(row),
      });
    });
  }

  /** Ends a build with what was built from the same content before. */
  async reuse(
    work: LeasedWork,
    build: BuildRow,
    built: BuiltArtifact,
    runtime: string,
  ): Promise<BuildRow | undefined> {
    return this.due.close(work, (tx) => reuseIn(tx, this.facts, 'context-builder', build, built, runtime));
  }

  /** Ends a build whose source cannot be used. */
  async refuse(work: LeasedWork, buildId: string, cause: Cause): Promise<BuildRow | undefined> {
    return this.due.close(work, (tx) =>
      transition(tx, this.facts, {
        name: 'refuse',
        owner: 'context-builder',
        buildId,
        set: sql`cause = ${json(cause)}`,
        detail: { cause },
        data: (row) => failedData(row, cause),
      }),
    );
  }
}

/** A success without a Job: shared by the context-builder and the launcher's `settle`. */
export async function reuseIn(
  tx: Tx,
  facts: Facts,
  owner: 'context-builder' | 'job-launcher',
  build: Pick<BuildRow, 'build_id'>,
  built: BuiltArtifact,
  runtime?: string,
): Promise<BuildRow | undefined> {
  const reused = await transition(tx, facts, {
    name: 'reuse',
    owner,
    buildId: build.build_id,
    set: sql`reused = true, reused_from = ${built.build_id}, identity = ${built.identity}, image_uri = ${built.image_uri},
      artifact = ${json(built.artifact)} ${runtime === undefined ? sql`` : sql`, runtime = ${runtime}`}`,
    detail: { reused_from: built.build_id, digest: built.artifact.digest },
    data: (row) => completeData(row),
  });
  if (reused) await recordCode(tx, reused);
  return reused;
}
