import type { BuildPhase, BuildStatus } from './build';

/** The one who may make a transition. `acceptBuild` and `cancelBuild` are ledger methods that ingest and api share. */
export type TransitionOwner = 'acceptBuild' | 'cancelBuild' | 'context-builder' | 'job-launcher';

export interface Transition {
  readonly from: readonly BuildStatus[];
  /** Where given, the build must be in one of these phases. */
  readonly phases?: readonly BuildPhase[];
  readonly to: BuildStatus;
  readonly phase: BuildPhase;
  readonly owners: readonly TransitionOwner[];
  /** Short type of the event that is written in the same commit. */
  readonly event:
    'build.accepted' | 'job.start' | 'status.update' | 'build.complete' | 'build.failed' | 'build.cancelled';
}

/** Every move a build can make. The ledger executes this table and refuses whatever does not stand in it. */
export const TRANSITIONS = {
  accept: { from: [], to: 'pending', phase: 'accepted', owners: ['acceptBuild'], event: 'build.accepted' },
  prepare: {
    from: ['pending'],
    phases: ['accepted'],
    to: 'pending',
    phase: 'preparing',
    owners: ['context-builder'],
    event: 'status.update',
  },
  queue: {
    from: ['pending'],
    phases: ['accepted', 'preparing'],
    to: 'pending',
    phase: 'queued',
    owners: ['context-builder'],
    event: 'job.start',
  },
  finishContext: {
    from: ['pending'],
    phases: ['accepted', 'preparing'],
    to: 'succeeded',
    phase: 'done',
    owners: ['context-builder'],
    event: 'build.complete',
  },
  reuse: {
    from: ['pending'],
    to: 'succeeded',
    phase: 'done',
    owners: ['context-builder', 'job-launcher'],
    event: 'build.complete',
  },
  refuse: {
    from: ['pending'],
    phases: ['accepted', 'preparing'],
    to: 'failed',
    phase: 'done',
    owners: ['context-builder'],
    event: 'build.failed',
  },
  claim: {
    from: ['pending'],
    phases: ['queued'],
    to: 'running',
    phase: 'starting',
    owners: ['job-launcher'],
    event: 'status.update',
  },
  progress: {
    from: ['running'],
    to: 'running',
    phase: 'building',
    owners: ['job-launcher'],
    event: 'status.update',
  },
  retry: {
    from: ['running'],
    to: 'pending',
    phase: 'queued',
    owners: ['job-launcher'],
    event: 'status.update',
  },
  succeed: {
    from: ['running'],
    to: 'succeeded',
    phase: 'done',
    owners: ['job-launcher'],
    event: 'build.complete',
  },
  fail: { from: ['running'], to: 'failed', phase: 'done', owners: ['job-launcher'], event: 'build.failed' },
  /** A waiter takes over the lasting failure of the build of the same identity. */
  shareFailure: {
    from: ['pending'],
    phases: ['queued'],
    to: 'failed',
    phase: 'done',
    owners: ['job-launcher'],
    event: 'build.failed',
  },
  cancel: {
    from: ['pending', 'running'],
    to: 'cancelled',
    phase: 'done',
    owners: ['cancelBuild'],
    event: 'build.cancelled',
  },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof TRANSITIONS;

/** Whether a build that stands at (status, phase) may make the transition. */
export function allows(name: TransitionName, status: BuildStatus, phase: BuildPhase): boolean {
  const rule: Transition = TRANSITIONS[name];
  return rule.from.includes(status) && (rule.phases === undefined || rule.phases.includes(phase));
}
