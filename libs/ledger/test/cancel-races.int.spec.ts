import { LeaseLost, type BuildRow } from '../src';
import { CONTENDERS } from './cancel-contenders';
import { CANCELLED, takeJobsAway, traceOf } from './cancel-phases';
import { claimed, queuedBuild, runningBuild, succeeded } from './given';
import { inThisOrder } from './in-this-order';
import { testLedger, type TestLedger } from './test-ledger';

const REPETITIONS = 40;
const EVENT = { succeeded: 'build.complete', failed: 'build.failed' };

describe('a cancel and another move of the same build at the same time', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  const cancel = (id: string) => () => given.ledger.cancelBuild(id, { actor: 'api' });

  describe.each(Object.entries(CONTENDERS))('%s', (_move, contender) => {
    it('and the cancel came first: it is cancelled, whatever comes then', async () => {
      const { id, move } = await contender.prepare(given.ledger, 'greet');
      const [cancelled, moved] = await inThisOrder(given.ledger, id, cancel(id), move);
      expect(cancelled).toMatchObject({ status: 'fulfilled', value: { status: 'cancelled' } });
      // A worker whose work was taken away is told so; that is no failure of the build.
      if (moved.status === 'rejected') expect(moved.reason).toBeInstanceOf(LeaseLost);
      expect(await traceOf(given.ledger, id)).toEqual(CANCELLED);
      await takeJobsAway(given.ledger);
      expect(await given.ledger.slots.held('local')).toEqual([]);
    });

    it('and the cancel came second: the first one counts, and the cancel where the build still lives', async () => {
      const { id, move } = await contender.prepare(given.ledger, 'greet');
      const [moved, cancelled] = await inThisOrder(given.ledger, id, move, cancel(id));
      expect(moved.status).toBe('fulfilled');
      if (contender.end === undefined) {
        expect(cancelled).toMatchObject({ status: 'fulfilled', value: { status: 'cancelled' } });
        expect(await traceOf(given.ledger, id)).toEqual(CANCELLED);
      } else {
        expect(cancelled).toMatchObject({ status: 'rejected', reason: { code: 'build_terminal' } });
        const { status, ends } = await traceOf(given.ledger, id);
        expect({ status, ends }).toEqual({ status: contender.end, ends: [EVENT[contender.end]] });
      }
      await takeJobsAway(given.ledger);
      expect(await given.ledger.slots.held('local')).toEqual([]);
    });
  });

  it('has one winner at the instant of completion, and all rows agree on it', async () => {
    const { ledger } = given;
    for (let n = 0; n < REPETITIONS; n += 1) {
      const { id, move: succeed } = await CONTENDERS['it succeeds']!.prepare(ledger, `race-${n}`);
      const both = [cancel(id), succeed];
      const results = await Promise.allSettled((n % 2 === 0 ? both : both.reverse()).map((move) => move()));
      const refused = results.filter((result) => result.status === 'rejected');
      const trace = await traceOf(ledger, id);
      if (trace.status === 'cancelled') {
        expect(trace).toEqual(CANCELLED);
        expect(refused).toEqual([]);
      } else {
        const won = { status: 'succeeded', ends: ['build.complete'], code: id, deploys: 1, artifacts: 1 };
        expect(trace).toEqual(won);
        expect(refused).toMatchObject([{ reason: { code: 'build_terminal' } }]);
      }
      expect(await takeJobsAway(ledger)).toEqual([id]);
    }
    expect(await ledger.slots.held('local')).toEqual([]);
  });

  it('ends each build once when all of a function are cancelled while their twin answers for them', async () => {
    const { ledger } = given;
    const twin = await runningBuild(ledger, 'same', { parser: 'twin' });
    const waiters: BuildRow[] = [];
    for (let n = 0; n < 8; n += 1) waiters.push(await queuedBuild(ledger, 'same', { parser: 'greet' }));
    await succeeded(ledger, twin);
    const built = (await ledger.preparation.builtBefore('same'))!;
    const work = await claimed(ledger, 'settle', 'same');
    // The cancel goes through the builds by id: from the other end the two are most in each other's way.
    const fromTheEnd = waiters.toSorted((a, b) => (a.build_id < b.build_id ? 1 : -1));
    const inbox = { queue: 'q', tenant: 'acme', source: 's', id: '1' };
    const [cancelled] = await Promise.all([
      ledger.cancelFunctionBuilds(inbox, { tenant: 'acme', parser: 'greet' }, { actor: 'amqp' }),
      ledger.coalescing.reuse(work, fromTheEnd, built),
    ]);
    const ids = cancelled.map((build) => build.build_id);
    const reused = waiters.filter((waiter) => !ids.includes(waiter.build_id));
    for (const { build_id: id } of waiters) {
      const { status, ends } = await traceOf(ledger, id);
      const end = ids.includes(id) ? ['cancelled', 'build.cancelled'] : ['succeeded', 'build.complete'];
      expect([status, ...ends]).toEqual(end);
    }
    const newest = reused.toSorted((a, b) => b.sequence - a.sequence)[0]?.build_id ?? null;
    expect((await ledger.functions.get('acme', 'greet'))?.code_build_id).toBe(newest);
  });
});
