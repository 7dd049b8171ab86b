import { type REST_RULES, type STEP_RULES, brokenAtRest, brokenBy } from './invariants';
import type { AttemptState, BuildState } from './ledger-state';
import { type STATE_RULES, type Moment } from './state-rules';
import { emptyWorld } from './world';

function build(values: Partial<BuildState> & { build_id: string; sequence: number }): BuildState {
  return {
    status: 'running',
    phase: 'starting',
    attempt: 1,
    version: 3,
    history: [1, 2, 3],
    forced: false,
    identity: values.build_id,
    reused_from: null,
    shared_from: null,
    cause: null,
    image_uri: `r/i:${values.build_id}`,
    digest: null,
    pausing: false,
    queued: values.sequence,
    queued_after: [],
    ...values,
  };
}

function attempt(values: Partial<AttemptState> & { build_id: string }): AttemptState {
  return {
    attempt: 1,
    identity: values.build_id,
    job_name: values.build_id,
    job_uid: 'uid',
    image_uri: `r/i:${values.build_id}`,
    report: null,
    end: null,
    log_complete: false,
    overdue: false,
    ended: false,
    gone: false,
    ...values,
  };
}

/** Build a has succeeded and is deployed, build b runs. */
function goodMoment(): Moment {
  return {
    settings: { twins: false, forced: false, slots: 2 },
    world: { ...emptyWorld(), jobs: new Map([['b', 'running']]), registry: new Map([['r/i:a', 'sha256:a']]) },
    state: {
      builds: [
        build({ build_id: 'a', sequence: 1, status: 'succeeded', phase: 'done', digest: 'sha256:a' }),
        build({ build_id: 'b', sequence: 2 }),
      ],
      attempts: [attempt({ build_id: 'a', ended: true, gone: true }), attempt({ build_id: 'b' })],
      fn: {
        counter: 2,
        code_sequence: 1,
        code_build_id: 'a',
        code_digest: 'sha256:a',
        deleted_sequence: 0,
        wish_sequence: 1,
        wish_version: 1,
        applied_version: 1,
        applied_status: 'ready',
        applied_build_id: 'a',
        applied_digest: 'sha256:a',
      },
      due: [],
      artifacts: [{ identity: 'a', build_id: 'a', digest: 'sha256:a' }],
      inbox: [],
      outbox: [{ id: 'a/end', type: 'network.notifi.lambda.build.complete' }],
    },
  };
}

/** The same after build b was cancelled and its Job taken away. */
function goodRest(): Moment {
  const moment = goodMoment();
  const [, b] = moment.state.builds;
  Object.assign(b!, { status: 'cancelled', phase: 'done' });
  Object.assign(moment.state.attempts[1]!, { ended: true, gone: true });
  moment.state.outbox.push({ id: 'b/end', type: 'network.notifi.lambda.build.cancelled' });
  moment.world.jobs.clear();
  return moment;
}

type Violation = (moment: Moment) => void;
const a = ({ state }: Moment): BuildState => state.builds[0]!;
const b = ({ state }: Moment): BuildState => state.builds[1]!;

const VIOLATIONS: Record<keyof typeof STATE_RULES | keyof typeof STEP_RULES, Violation> = {
  'I1 a build that has ended has one end fact, of its kind, and any other has none': ({ state }) =>
    state.outbox.push({ id: 'b/end', type: 'network.notifi.lambda.build.failed' }),
  'I1 a build without context has work that makes it': (moment) => (b(moment).phase = 'preparing'),
  'I1 what was accepted stays': ({ state }) => state.builds.pop(),
  'I2 attempts count from 1 to the last allowed, and Jobs are named by the rule': ({ state }) =>
    (state.attempts[1]!.job_name = 'other'),
  'I2 a running build has its newest attempt open, and no other attempt is': (moment) =>
    (b(moment).status = 'pending'),
  'I2 a content has one Job at a time': ({ state }) => {
    state.attempts[0]!.gone = false;
    state.attempts[1]!.identity = 'a';
  },
  'I2 a forced build is answered by its own Job alone': (moment) =>
    Object.assign(b(moment), { forced: true, shared_from: 'a' }),
  'I3 a success has the digest that its own Job pushed, or that of the success that it reuses': ({ world }) =>
    world.registry.set('r/i:a', 'sha256:other'),
  'I3 what is deployed, or known for its content, is the digest of a success': ({ state }) =>
    (state.fn!.applied_digest = 'sha256:other'),
  'I5 every fact has an id of its own': ({ state }) =>
    state.outbox.push({ id: 'b/1', type: 't' }, { id: 'b/1', type: 't' }),
  'I5 what was announced stays': ({ state }) => state.outbox.shift(),
  'I6 the function shall be the newest success that no delete voided': ({ state }) =>
    (state.fn!.code_sequence = 2),
  'I6 nothing of a cancelled build is a function, deployed or known': (moment) => {
    b(moment).status = 'cancelled';
    moment.state.artifacts[0]!.build_id = 'b';
  },
  'I7 no more Jobs than slots': ({ settings }) => (settings.slots = 0),
  'I7 the Job of an attempt that has ended is being stopped until it is gone': ({ state }) =>
    (state.attempts[0]!.gone = false),
  'I7 a slot becomes free when the platform has no such Job': ({ state }) => (state.attempts[1]!.gone = true),
  'I8 versions count from 1 without a gap': (moment) => (b(moment).history = [1, 3]),
  'I8 a terminal state is final': (moment) => (a(moment).status = 'cancelled'),
  'I8 versions of builds only grow': (moment) => (b(moment).version = 2),
  'I8 numbers of the function only grow': ({ state }) => (state.fn!.applied_version = 0),
};

const UNREST: Record<keyof typeof REST_RULES, Violation> = {
  'I1 every build has ended': (moment) => (b(moment).status = 'pending'),
  'I1 no work is left': ({ state }) =>
    state.due.push({
      kind: 'stop',
      key: 'b',
      payload: null,
      tries: 0,
      wakes: 0,
      lease_token: 0,
      ready: true,
      leased: false,
    }),
  'I7 nothing runs, and every slot is free': ({ world }) => world.jobs.set('b', 'running'),
  'I6 the function is what it shall be': ({ state }) => (state.fn!.applied_status = 'failed'),
};

describe('the rules of the model check', () => {
  it('find nothing wrong with a good ledger', () => {
    expect(brokenBy(goodMoment().state, goodMoment())).toEqual([]);
    expect(brokenBy(goodMoment().state, goodRest())).toEqual([]);
    expect(brokenAtRest(goodRest())).toEqual([]);
  });

  it.each(Object.entries(VIOLATIONS))('find what is against: %s', (rule, violate) => {
    const moment = goodMoment();
    violate(moment);
    expect(brokenBy(goodMoment().state, moment)).toContain(rule);
  });

  it.each(Object.entries(UNREST))('find at rest what is against: %s', (rule, violate) => {
    const moment = goodRest();
    violate(moment);
    expect(brokenAtRest(moment)).toContain(rule);
  });
});
