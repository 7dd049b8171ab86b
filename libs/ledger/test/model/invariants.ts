import { isEnded, type LedgerState } from './ledger-state';
import { STATE_RULES, find, same, wishedCode, type Moment, type StateRule } from './state-rules';

type StepRule = (before: LedgerState, after: Moment) => boolean;

const GROWING = ['counter', 'code_sequence', 'deleted_sequence', 'wish_version', 'applied_version'] as const;

/** What holds of every step. */
export const STEP_RULES = {
  'I1 what was accepted stays': (before, { state }) =>
    before.builds.every(({ build_id: id, sequence }) => find(state, id)?.sequence === sequence),
  'I5 what was announced stays': (before, { state }) =>
    same(state.outbox.slice(0, before.outbox.length), before.outbox),
  'I7 a slot becomes free when the platform has no such Job': (before, { state, world }) => {
    const free = before.attempts.filter(({ gone }) => gone).map(({ job_name: job }) => job);
    return state.attempts.every(
      ({ gone, job_name: job }) => !gone || free.includes(job) || !world.jobs.has(job),
    );
  },
  'I8 a terminal state is final': (before, { state }) =>
    before.builds.filter(isEnded).every((build) => same(build, find(state, build.build_id))),
  'I8 versions of builds only grow': (before, { state }) =>
    before.builds.every(({ build_id: id, version }) => (find(state, id)?.version ?? 0) >= version),
  'I8 numbers of the function only grow': (before, { state }) =>
    GROWING.every((column) => (state.fn?.[column] ?? 0) >= (before.fn?.[column] ?? 0)),
} as const satisfies Record<string, StepRule>;

/** What holds when nothing is left to do. */
export const REST_RULES = {
  'I1 every build has ended': ({ state }) => state.builds.every(isEnded),
  'I1 no work is left': ({ state }) => state.due.length === 0,
  'I7 nothing runs, and every slot is free': ({ state, world }) =>
    world.jobs.size === 0 && state.attempts.every(({ gone }) => gone),
  'I6 the function is what it shall be': ({ state }) => {
    if (!state.fn) return true;
    const { applied_status: status, applied_build_id: buildId, applied_digest: digest } = state.fn;
    const wished = wishedCode(state);
    if (wished) return same([status, buildId, digest], ['ready', wished.build_id, wished.digest]);
    return status === (state.fn.deleted_sequence > 0 ? 'deleted' : 'none');
  },
} as const satisfies Record<string, StateRule>;

/** The rules that a step has broken. */
export function brokenBy(before: LedgerState, after: Moment): string[] {
  const states = Object.entries<StateRule>(STATE_RULES).filter(([, holds]) => !holds(after));
  const steps = Object.entries<StepRule>(STEP_RULES).filter(([, holds]) => !holds(before, after));
  return [...states, ...steps].map(([rule]) => rule);
}

/** The rules that a system at rest breaks. */
export function brokenAtRest(moment: Moment): string[] {
  const broken = Object.entries<StateRule>(REST_RULES).filter(([, holds]) => !holds(moment));
  return broken.map(([rule]) => rule);
}
