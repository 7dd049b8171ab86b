import { SlipwayError } from '@slipway/domain';
import { sql, type RawBuilder } from 'kysely';
import { oneRow, rows, type Database } from '../database/database';
import type { BuildRow } from '../builds/build-row';
import { waitingBuilds } from '../builds/queue-order';

export interface BuildFilter {
  tenant?: string;
  parser?: string;
  status?: string;
  runtime?: string;
  cause?: string;
  since?: Date;
  until?: Date;
}

export interface BuildPage {
  builds: BuildRow[];
  total: number;
  nextCursor?: string;
}

export interface HistoryRow {
  version: number;
  at: Date;
  type: string;
  status: BuildRow['status'];
  phase: BuildRow['phase'];
  attempt: number;
  actor: string;
  detail: Record<string, unknown> | null;
}

/** How long a redelivered message without an id may meet the build that its first delivery led to. */
const MEETS_AGAIN_MINUTES = 10;

/** Counting stops here: beyond it the exact total costs more than it is worth to a reader. */
const COUNT_CAP = 10_000;

function conditions(filter: BuildFilter): RawBuilder<unknown> {
  const parts = [sql`true`];
  if (filter.tenant !== undefined) parts.push(sql`tenant = ${filter.tenant}`);
  if (filter.parser !== undefined) parts.push(sql`parser = ${filter.parser}`);
  if (filter.status !== undefined) parts.push(sql`status = ${filter.status}`);
  if (filter.runtime !== undefined) parts.push(sql`runtime = ${filter.runtime}`);
  if (filter.cause !== undefined) parts.push(sql`cause ->> 'code' = ${filter.cause}`);
  if (filter.since !== undefined) parts.push(sql`created_at >= ${filter.since}`);
  if (filter.until !== undefined) parts.push(sql`created_at < ${filter.until}`);
  return sql.join(parts, sql` and `);
}

/** The cursor is opaque to clients: the place of the last row that they have seen, to the microsecond. */
function cursorOf(row: { at_text: string; build_id: string }): string {
  return Buffer.from(`${row.at_text} ${row.build_id}`).toString('base64url');
}

function afterCursor(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql`true`;
  const [at, buildId] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (!at || !buildId || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) || Number.isNaN(Date.parse(at))) {
    throw new SlipwayError('invalid_event', 'The cursor is not one of ours; begin again without it.', {
      problems: [{ pointer: '/cursor', detail: 'must be a next_cursor that an earlier page gave' }],
    });
  }
  return sql`(created_at, build_id) < (${at}::timestamptz, ${buildId})`;
}

/** What the api reads. */
export class BuildQueries {
  constructor(private readonly database: Database) {}

  async list(filter: BuildFilter, limit: number, cursor?: string): Promise<BuildPage> {
    const where = conditions(filter);
    const found = await rows<BuildRow & { at_text: string }>(
      this.database.kysely,
      sql`select *, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at_text from builds
        where ${where} and ${afterCursor(cursor)} order by created_at desc, build_id desc limit ${limit + 1}`,
    );
    const total = await oneRow<{ n: number }>(
      this.database.kysely,
      sql`select count(*) as n from (select 1 from builds where ${where} limit ${COUNT_CAP}) capped`,
    );
    const builds = found.slice(0, limit);
    const last = builds.at(-1);
    return {
      builds,
      total: total?.n ?? 0,
      ...(found.length > limit && last ? { nextCursor: cursorOf(last) } : {}),
    };
  }

  async get(buildId: string): Promise<BuildRow | undefined> {
    return oneRow(this.database.kysely, sql`select * from builds where build_id = ${buildId}`);
  }

  /** Fails with `unknown_build`. */
  async mustGet(buildId: string): Promise<BuildRow> {
    const build = await this.get(buildId);
    if (!build) throw new SlipwayError('unknown_build', `There is no build "${buildId}".`);
    return build;
  }

  /** Those of them that have ended. */
  async endedAmong(buildIds: readonly string[]): Promise<BuildRow[]> {
    return rows(
      this.database.kysely,
      sql`select * from builds where build_id = any(${[...buildIds]}::text[]) and status not in ('pending', 'running')`,
    );
  }

  async history(buildId: string): Promise<HistoryRow[]> {
    return rows(
      this.database.kysely,
      sql`select version, at, type, status, phase, attempt, actor, detail from build_events
        where build_id = ${buildId} order by version, seq`,
    );
  }

  /** The build's place in the queue, or the twin that it waits for. */
  async queuePlace(build: BuildRow): Promise<{ position?: number; waiting_for?: string } | undefined> {
    if (build.status !== 'pending' || build.phase !== 'queued') return undefined;
    const place = await oneRow<{ position: number }>(
      this.database.kysely,
      sql`select position from ${waitingBuilds(build.platform)} q where build_id = ${build.build_id}`,
    );
    if (place) return { position: place.position };
    const twin = await oneRow<{ build_id: string }>(
      this.database.kysely,
      sql`select build_id from build_attempts where identity = ${build.identity} and gone_at is null`,
    );
    return twin ? { waiting_for: twin.build_id } : {};
  }

  /** The newest start event of a function, for `rebuild.start`. */
  async lastOfFunction(tenant: string, parser: string): Promise<BuildRow | undefined> {
    return oneRow(
      this.database.kysely,
      sql`select * from builds where tenant = ${tenant} and parser = ${parser} order by sequence desc limit 1`,
    );
  }

  /**
   * The number that the next lenient id of these bytes carries: one more than that of the last build that has ended. A
   * redelivery meets that build again where it was accepted just now; one that waited longer was never handled.
   */
  async nextLenient(tenant: string, source: string, idPrefix: string, redelivered: boolean): Promise<number> {
    const row = await oneRow<{ n: number; recent: boolean }>(
      this.database.kysely,
      sql`select substr(event_id, ${idPrefix.length + 1})::int as n,
          created_at > clock_timestamp() - ${MEETS_AGAIN_MINUTES} * interval '1 minute' as recent
        from builds where lenient and tenant = ${tenant} and event_source = ${source}
          and event_id like ${`${idPrefix}%`} and status not in ('pending', 'running')
        order by 1 desc limit 1`,
    );
    if (!row) return 0;
    return redelivered && row.recent ? row.n : row.n + 1;
  }
}
