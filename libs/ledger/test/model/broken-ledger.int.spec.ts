import { sql } from 'kysely';
import type { Ledger } from '../../src';
import { cancel } from './client-actions';
import { Explorer, RuleBroken } from './explorer';
import { jobEnds } from './job-actions';
import { modelLedger, type ModelLedger } from './model-ledger';
import { TO_REST, ends, free, queued, run } from './scenes';
import { emptySystem, type Action } from './system';
import { begins, claimSlots, does, finishes, leasesRunOut } from './work-actions';

interface BrokenLedger {
  broken: string;
  damage: (ledger: Ledger) => void;
  given: readonly Action[];
  actions: readonly Action[];
  /** The rule that finds it, and the shortest way there. */
  rule: string;
  path: string;
}

/** Adds what a ledger with a fault would do after each success. */
function afterSuccess(ledger: Ledger, fault: (buildId: string) => Promise<unknown>): void {
  const succeed = ledger.attempts.succeed.bind(ledger.attempts);
  ledger.attempts.succeed = async (work, of, artifact) => {
    const ended = await succeed(work, of, artifact);
    await fault(of.build.build_id);
    return ended;
  };
}

const RUNNING = [queued('A'), queued('B'), run];

const BROKEN_LEDGERS: readonly BrokenLedger[] = [
  {
    broken: 'cancels what has ended',
    damage: (ledger) => {
      const cancelBuild = ledger.cancelBuild.bind(ledger);
      ledger.cancelBuild = async (buildId, request) => {
        await sql`update builds set status = 'running' where build_id = ${buildId}`.execute(
          ledger.database.kysely,
        );
        return cancelBuild(buildId, request);
      };
    },
    given: RUNNING,
    actions: [ends('A', 'well'), cancel('A')],
    rule: 'I6 a cancel was answered cancelled',
    path: 'A ends well → cancel A',
  },
  {
    broken: 'lets a late success win over a cancel',
    damage: (ledger) =>
      afterSuccess(ledger, (buildId) =>
        sql`update builds set status = 'succeeded' where build_id = ${buildId}`.execute(
          ledger.database.kysely,
        ),
      ),
    given: [...RUNNING, jobEnds('A', 'well'), does('follow', 'A')],
    actions: [begins('one', 'verify', 'A'), cancel('A'), finishes('one')],
    rule: 'I8 a terminal state is final',
    path: 'one begins verify A → cancel A → one finishes',
  },
  {
    broken: 'lets a worker write that has lost its lease',
    damage: (ledger) => {
      ledger.due.close = ({ kind, key }, change) =>
        ledger.database.transaction(async (tx) => {
          await sql`delete from due_work where kind = ${kind} and key = ${key}`.execute(tx);
          return change(tx);
        });
    },
    given: [queued('A'), claimSlots],
    actions: [begins('one', 'launch'), leasesRunOut, begins('two', 'launch'), finishes('one')],
    rule: 'I5 whoever lost the lease writes nothing',
    path: 'one begins launch → leases run out → two begins launch → one finishes',
  },
  {
    broken: 'frees the slot when the build ends, not when the Job is gone',
    damage: (ledger) =>
      afterSuccess(ledger, (buildId) =>
        sql`update build_attempts set gone_at = clock_timestamp() where build_id = ${buildId}`.execute(
          ledger.database.kysely,
        ),
      ),
    given: RUNNING,
    actions: [ends('A', 'well')],
    rule: 'I7 a slot becomes free when the platform has no such Job',
    path: 'A ends well',
  },
  {
    broken: 'takes the build that ended last for the newest',
    damage: (ledger) =>
      afterSuccess(ledger, (buildId) =>
        sql`update functions set code_build_id = ${buildId}`.execute(ledger.database.kysely),
      ),
    given: RUNNING,
    actions: [ends('A', 'well'), ends('B', 'well')],
    rule: 'I6 the function shall be the newest success that no delete voided',
    path: 'B ends well → A ends well',
  },
  {
    broken: 'loses the work of deploying',
    damage: (ledger) =>
      afterSuccess(ledger, () =>
        sql`delete from due_work where kind = 'deploy'`.execute(ledger.database.kysely),
      ),
    given: RUNNING,
    actions: [ends('A', 'well'), free],
    rule: 'I6 the function is what it shall be',
    path: '(to rest)',
  },
];

describe('the model check of a broken ledger', () => {
  let model: ModelLedger;
  beforeEach(async () => {
    model = await modelLedger();
  });
  afterEach(() => model.close());

  it.each(BROKEN_LEDGERS)('finds one that $broken', async ({ damage, given, actions, rule, path }) => {
    damage(model.ledger);
    const system = await emptySystem(model, { twins: false, forced: false, slots: 2 });
    const exploring = new Explorer(actions, TO_REST).explore(system, given, 4);
    const found = await exploring.catch((error: unknown) => error);
    expect(found).toBeInstanceOf(RuleBroken);
    expect((found as RuleBroken).message).toContain(rule);
    expect((found as RuleBroken).message).toContain(path);
  });
});
