import type { BuildPhase, BuildStatus } from '@slipway/domain';
import { sql } from 'kysely';
import type { Ledger } from '../../src';
import { oneRow } from '../../src/database/database';

export interface BuildState {
  build_id: string;
  status: BuildStatus;
  phase: BuildPhase;
  attempt: number;
  version: number;
  sequence: number;
  forced: boolean;
  identity: string | null;
  reused_from: string | null;
  cause: string | null;
  shared_from: string | null;
  image_uri: string | null;
  digest: string | null;
  /** May not start yet. */
  pausing: boolean;
  /** Place among all builds by the time of queueing. */
  queued: number | null;
  /** Builds that had ended when this one was queued. */
  queued_after: string[];
  /** Versions in its history. */
  history: number[];
}

export interface AttemptState {
  build_id: string;
  attempt: number;
  identity: string;
  job_name: string;
  job_uid: string | null;
  image_uri: string;
  report: string | null;
  end: { status: string; digest?: string; cause?: { code: string } } | null;
  log_complete: boolean;
  overdue: boolean;
  ended: boolean;
  gone: boolean;
}

interface FunctionState {
  counter: number;
  code_sequence: number;
  code_build_id: string | null;
  code_digest: string | null;
  deleted_sequence: number;
  wish_sequence: number;
  wish_version: number;
  applied_version: number;
  applied_status: string;
  applied_build_id: string | null;
  applied_digest: string | null;
}

interface DueState {
  kind: string;
  key: string;
  payload: unknown;
  tries: number;
  wakes: number;
  lease_token: number;
  /** Its time has come. */
  ready: boolean;
  leased: boolean;
}

/** All that the transitions read and write; times only by what they mean for what comes next. */
export interface LedgerState {
  builds: BuildState[];
  attempts: AttemptState[];
  fn: FunctionState | null;
  due: DueState[];
  artifacts: { identity: string; build_id: string; digest: string }[];
  inbox: string[];
  outbox: { id: string; type: string }[];
}

/** Planned once per connection: it is read after every step. */
export const PREPARE_STATE = `prepare state as select
  (select coalesce(json_agg(r order by r.sequence), '[]') from (
    select build_id, status, phase, attempt, version, sequence, forced, identity, reused_from,
      cause ->> 'code' as cause, cause ->> 'shared_from' as shared_from,
      image_uri, artifact ->> 'digest' as digest, coalesce(not_before > clock_timestamp(), false) as pausing,
      case when queued_at is not null then rank() over (order by queued_at) end as queued,
      array(select o.build_id from builds o where o.completed_at < b.queued_at order by 1) as queued_after,
      array(select e.version from build_events e where e.build_id = b.build_id and e.type <> 'note' order by 1) as history
    from builds b) r) as builds,
  (select coalesce(json_agg(r order by r.build_id, r.attempt), '[]') from (
    select build_id, attempt, identity, job_name, job_uid, image_uri, report ->> 'status' as report, job_end as "end",
      log_complete, deadline_at < clock_timestamp() as overdue, ended_at is not null as ended, gone_at is not null as gone
    from build_attempts) r) as attempts,
  (select row_to_json(r) from (
    select counter, code_sequence, code_build_id, code_artifact ->> 'digest' as code_digest, deleted_sequence,
      wish_sequence, wish_version, applied_version, applied_status, applied_build_id, applied_digest
    from functions) r) as fn,
  (select coalesce(json_agg(r order by r.kind, r.key), '[]') from (
    select kind, key, payload, tries, wakes, lease_token, due_at <= clock_timestamp() as ready,
      coalesce(lease_until >= clock_timestamp(), false) as leased
    from due_work) r) as due,
  (select coalesce(json_agg(r order by r.identity), '[]') from (
    select identity, build_id, artifact ->> 'digest' as digest from artifacts) r) as artifacts,
  array(select queue || ' ' || event_id from inbox order by 1) as inbox,
  (select coalesce(json_agg(r order by r.n), '[]') from (
    select id as n, event ->> 'id' as id, event ->> 'type' as type from outbox) r) as outbox`;

const STATE = sql.raw('execute state');

export async function readState(ledger: Ledger): Promise<LedgerState> {
  return (await oneRow<LedgerState>(ledger.database.kysely, STATE))!;
}

/** Work that somebody may claim now. */
export function isClaimable(state: LedgerState, kind: string, key: string): boolean {
  return state.due.some((work) => work.kind === kind && work.key === key && work.ready && !work.leased);
}

const ENDED: readonly BuildStatus[] = ['succeeded', 'failed', 'cancelled'];

export function isEnded(build: BuildState): boolean {
  return ENDED.includes(build.status);
}

/** The attempt that a build stands at. */
export function currentAttempt(state: LedgerState, buildId: string): AttemptState | undefined {
  return state.attempts.findLast((attempt) => attempt.build_id === buildId);
}
