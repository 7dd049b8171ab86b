import { TRANSITIONS, type Transition, type TransitionName, type TransitionOwner } from '@slipway/domain';
import { sql, type RawBuilder } from 'kysely';
import { oneRow, rows, type Tx } from '../database/database';
import { rowSet } from '../database/row-set';
import type { Facts } from '../outbox/facts';
import { enqueue } from '../outbox/outbox';
import type { BuildRow } from './build-row';

export interface TransitionRequest {
  name: TransitionName;
  owner: TransitionOwner;
  buildId: string;
  /** Where given, the build must stand at this attempt: what an older one says changes nothing. */
  attempt?: number;
  /** For `progress` alone: the phase to move on to. */
  phase?: 'building' | 'pushing';
  /** Further columns that change with it. */
  set?: RawBuilder<unknown>;
  /** What the history says about it. */
  detail?: Record<string, unknown>;
  actor?: string;
  /** The data of the fact beyond ids and version. */
  data: (build: BuildRow) => Record<string, unknown>;
}

const ORDER = ['accepted', 'preparing', 'queued', 'starting', 'building', 'pushing', 'done'];

function phasesFor(rule: Transition, request: TransitionRequest): readonly string[] {
  if (request.name !== 'progress') return rule.phases ?? ORDER;
  return ORDER.slice(0, ORDER.indexOf(request.phase ?? 'building'));
}

/**
 * Makes one move of the table as a compare-and-set on status, phase and attempt, and writes history and fact beside it.
 * Undefined where the build stands elsewhere by now: whoever came first has won, and nothing is written.
 */
export async function transition(
  tx: Tx,
  facts: Facts,
  request: TransitionRequest,
): Promise<BuildRow | undefined> {
  const rule: Transition = TRANSITIONS[request.name];
  if (!rule.owners.includes(request.owner))
    throw new Error(`${request.owner} may not make "${request.name}"`);
  const phase = request.phase ?? rule.phase;
  const build = await oneRow<BuildRow>(
    tx,
    sql`update builds set status = ${rule.to}, phase = ${phase}, version = version + 1
        ${request.set ? sql`, ${request.set}` : sql``}
        ${rule.phase === 'done' ? sql`, completed_at = clock_timestamp()` : sql``}
      where build_id = ${request.buildId} and status = any(${sql.val(rule.from)}::text[])
        and phase = any(${sql.val(phasesFor(rule, request))}::text[])
        ${request.attempt === undefined ? sql`` : sql`and attempt = ${request.attempt}`}
      returning *`,
  );
  if (!build) return undefined;
  const actor = request.actor ?? request.owner;
  const [at] = await recordHistory(tx, [{ build, type: rule.event, actor, detail: request.detail }]);
  await enqueue(tx, [facts.ofBuild(rule.event, build, request.data(build), at!)]);
  return build;
}

/** A line of a build's history that is to be added. */
export interface HistoryEntry {
  build: BuildRow;
  type: string;
  actor: string;
  detail?: Record<string, unknown>;
}

/** Adds lines to the histories of different builds and returns their times. */
export async function recordHistory(tx: Tx, entries: readonly HistoryEntry[]): Promise<Date[]> {
  const { names, rows: values } = rowSet<HistoryEntry>(entries, {
    build_id: ['text', ({ build }) => build.build_id],
    version: ['bigint', ({ build }) => build.version],
    type: ['text', ({ type }) => type],
    status: ['text', ({ build }) => build.status],
    phase: ['text', ({ build }) => build.phase],
    attempt: ['int', ({ build }) => build.attempt],
    actor: ['text', ({ actor }) => actor],
    detail: ['jsonb', ({ detail }) => detail],
  });
  const added = await rows<{ build_id: string; at: Date }>(
    tx,
    sql`insert into build_events (${names}, seq) select r.*,
        (select count(*) from build_events e where e.build_id = r.build_id and e.version = r.version)
      from ${values} returning build_id, at`,
  );
  const times = new Map(added.map(({ build_id: id, at }) => [id, at]));
  return entries.map(({ build }) => times.get(build.build_id)!);
}
