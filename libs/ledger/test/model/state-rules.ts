import { jobNameOf } from '@slipway/domain';
import { MAX_ATTEMPTS } from './due-steps';
import { digestOf } from './job-actions';
import type { AttemptState, BuildState, LedgerState } from './ledger-state';
import type { System } from './system';

/** What the rules look at. */
export type Moment = Pick<System, 'state' | 'world' | 'settings'>;

export type StateRule = (moment: Moment) => boolean;

const END_FACTS: Partial<Record<BuildState['status'], string>> = {
  succeeded: 'build.complete',
  failed: 'build.failed',
  cancelled: 'build.cancelled',
};

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

function allDifferent(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

export function find({ builds }: LedgerState, buildId: string): BuildState | undefined {
  return builds.find((build) => build.build_id === buildId);
}

function attemptsOf({ attempts }: LedgerState, build: BuildState): AttemptState[] {
  return attempts.filter((attempt) => attempt.build_id === build.build_id);
}

function isDue({ due }: LedgerState, kind: string, key: string): boolean {
  return due.some((work) => work.kind === kind && work.key === key);
}

/** The newest success that no delete has voided: what the function shall be. */
export function wishedCode({ builds, fn }: LedgerState): BuildState | undefined {
  const voided = fn?.deleted_sequence ?? 0;
  return builds.findLast((build) => build.status === 'succeeded' && build.sequence > voided);
}

function everyBuild(holds: (build: BuildState, moment: Moment) => boolean): StateRule {
  return (moment) => moment.state.builds.every((build) => holds(build, moment));
}

/** What holds at every moment. */
export const STATE_RULES = {
  'I1 a build that has ended has one end fact, of its kind, and any other has none': everyBuild(
    (build, { state }) => {
      const facts = state.outbox.filter(({ id }) => id === `${build.build_id}/end`);
      const kind = END_FACTS[build.status];
      return same(
        facts.map(({ type }) => type.replace('network.notifi.lambda.', '')),
        kind ? [kind] : [],
      );
    },
  ),
  'I1 a build without context has work that makes it': everyBuild(
    ({ phase, build_id: id }, { state }) =>
      !['accepted', 'preparing'].includes(phase) || isDue(state, 'prepare', id),
  ),
  'I2 attempts count from 1 to the last allowed, and Jobs are named by the rule': everyBuild(
    (build, { state }) =>
      build.attempt <= MAX_ATTEMPTS &&
      same(
        attemptsOf(state, build).map(({ attempt, job_name: job }) => [attempt, job]),
        upTo(build.attempt).map((n) => [n, jobNameOf(build.build_id, n)]),
      ),
  ),
  'I2 a running build has its newest attempt open, and no other attempt is': everyBuild((build, { state }) =>
    same(
      attemptsOf(state, build)
        .filter(({ ended }) => !ended)
        .map(({ attempt }) => attempt),
      build.status === 'running' ? [build.attempt] : [],
    ),
  ),
  'I2 a content has one Job at a time': ({ state }) =>
    allDifferent(state.attempts.filter(({ gone }) => !gone).map(({ identity }) => identity)),
  'I2 a forced build is answered by its own Job alone': everyBuild(
    ({ forced, reused_from: reusedFrom, shared_from: sharedFrom }) =>
      !forced || (reusedFrom === null && sharedFrom === null),
  ),
  'I3 a success has the digest that its own Job pushed, or that of the success that it reuses': everyBuild(
    (build, { state, world }) => {
      if (build.status !== 'succeeded') return build.digest === null;
      const maker = find(state, build.reused_from ?? build.build_id);
      if (maker?.status !== 'succeeded') return false;
      const pushed = digestOf(jobNameOf(maker.build_id, maker.attempt));
      return build.digest === pushed && world.registry.get(build.image_uri ?? '') === pushed;
    },
  ),
  'I3 what is deployed, or known for its content, is the digest of a success': ({ state }) => {
    const verified = state.builds.filter(({ status }) => status === 'succeeded').map(({ digest }) => digest);
    const known = state.artifacts.map(({ digest }) => digest);
    return [state.fn?.applied_digest ?? null, ...known].every(
      (digest) => digest === null || verified.includes(digest),
    );
  },
  'I5 every fact has an id of its own': ({ state }) => allDifferent(state.outbox.map(({ id }) => id)),
  'I6 the function shall be the newest success that no delete voided': ({ state }) => {
    if (!state.fn) return true;
    const { code_sequence: sequence, code_build_id: buildId, code_digest: digest } = state.fn;
    const wished = wishedCode(state);
    if (!wished) return sequence <= state.fn.deleted_sequence;
    return same([sequence, buildId, digest], [wished.sequence, wished.build_id, wished.digest]);
  },
  'I6 nothing of a cancelled build is a function, deployed or known': everyBuild(
    ({ status, build_id: id }, { state }) =>
      status !== 'cancelled' ||
      ![
        state.fn?.code_build_id,
        state.fn?.applied_build_id,
        ...state.artifacts.map((known) => known.build_id),
      ].includes(id),
  ),
  'I7 no more Jobs than slots': ({ state, settings }) =>
    state.attempts.filter(({ gone }) => !gone).length <= settings.slots,
  'I7 the Job of an attempt that has ended is being stopped until it is gone': ({ state }) =>
    state.attempts.every(({ ended, gone, job_name: job }) =>
      gone ? ended : !ended || isDue(state, 'stop', job),
    ),
  'I8 versions count from 1 without a gap': everyBuild(({ history, version }) =>
    same(history, upTo(version)),
  ),
} as const satisfies Record<string, StateRule>;
