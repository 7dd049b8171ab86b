import { SlipwayError, causeOf } from '@slipway/domain';
import { sql } from 'kysely';
import { LeaseLost, type DueKind, type LeasedWork } from '../../src';
import { LIMITS } from '../given';
import { DUE_STEPS } from './due-steps';
import { isClaimable, type LedgerState } from './ledger-state';
import { buildOf, idOf, promised, type Action, type Name, type System } from './system';
import { holdsLease, type Decision } from './world';

/** Longer than a lease and the pause after a failed try, shorter than a build's time limit. */
const LEASES_SECONDS = 61;

/** The work that comes next: contexts in the order in which their builds came, all else in any order. */
function nextKey(state: LedgerState, kind: DueKind, name?: Name): string | undefined {
  const ours = (key: string): boolean => name === undefined || key.startsWith(idOf(name));
  if (kind === 'prepare') {
    const first = state.builds.find(({ build_id: key }) => isClaimable(state, kind, key))?.build_id;
    return first !== undefined && ours(first) ? first : undefined;
  }
  return state.due.find((work) => work.kind === kind && isClaimable(state, kind, work.key) && ours(work.key))
    ?.key;
}

/** Claims work of this kind, as the app that owns it would. */
async function claim({ ledger }: System, kind: DueKind, key: string): Promise<LeasedWork> {
  // Of what is due any may come first; for how long it has been due means nothing else.
  await sql`update due_work set due_at = clock_timestamp() - case key when ${key} then 2 else 1 end * interval '1 day'
    where kind = ${kind} and due_at <= clock_timestamp()`.execute(ledger.database.kysely);
  const [work] = await ledger.due.claim(kind, 1);
  promised(work?.key === key, `I1 ${kind} ${key} can be claimed`);
  return work!;
}

async function begin(
  system: System,
  kind: DueKind,
  name?: Name,
): Promise<{ work: LeasedWork; decision: Decision }> {
  const work = await claim(system, kind, nextKey(system.state, kind, name)!);
  return { work, decision: await DUE_STEPS[kind]!(system, work, system.world) };
}

/** An app does a piece of work from its claim to its end. */
export function does(kind: DueKind, name?: Name): Action {
  return {
    name: name ? `${kind} ${name}` : kind,
    possible: ({ state }) => nextKey(state, kind, name) !== undefined,
    run: async (system) => {
      const { decision } = await begin(system, kind, name);
      await decision.carryOut(system.world);
    },
  };
}

/** A worker claims a piece of work, reads, decides, and then takes its time. */
export function begins(worker: string, kind: DueKind, name?: Name): Action {
  return {
    name: `${worker} begins ${name ? `${kind} ${name}` : kind}`,
    possible: ({ state, world }) => !world.workers.has(worker) && nextKey(state, kind, name) !== undefined,
    run: async (system) => {
      system.world.workers.set(worker, await begin(system, kind, name));
    },
  };
}

/** A worker carries its decision out, which must change nothing where its lease went to another. */
export function finishes(worker: string): Action {
  return {
    name: `${worker} finishes`,
    possible: ({ world }) => world.workers.has(worker),
    run: async ({ state, world }) => {
      const { work, decision } = world.workers.get(worker)!;
      world.workers.delete(worker);
      const holds = holdsLease(state, work);
      try {
        await decision.carryOut(world);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        promised(!holds, 'I5 whoever holds the lease may write');
        return 'nothing';
      }
      promised(holds, 'I5 whoever lost the lease writes nothing');
      return undefined;
    },
  };
}

/** A worker's try fails, and its work shall be tried again later. */
export function failsAtIt(worker: string): Action {
  return {
    name: `${worker} fails at it`,
    possible: ({ world }) => world.workers.has(worker),
    run: async ({ ledger, state, world }) => {
      const { work } = world.workers.get(worker)!;
      world.workers.delete(worker);
      await ledger.due.failed(work, causeOf(new SlipwayError('unavailable', 'The platform is away.')));
      return holdsLease(state, work) ? undefined : 'nothing';
    },
  };
}

/** The source of a build turns out to be of no use. */
export function refuses(name: Name): Action {
  return {
    name: `refuse ${name}`,
    possible: ({ state }) => nextKey(state, 'prepare', name) !== undefined,
    run: async (system) => {
      const work = await claim(system, 'prepare', buildOf(system, name)!.build_id);
      const cause = causeOf(new SlipwayError('source_missing', 'There is no such source.'));
      await system.ledger.preparation.refuse(work, work.key, cause);
    },
  };
}

/** Every lease and every pause after a failed try is over. */
export const leasesRunOut: Action = {
  name: 'leases run out',
  possible: ({ state }) => state.due.some((work) => work.leased || !work.ready),
  run: ({ model }) => model.pass(LEASES_SECONDS),
};

export const claimSlots: Action = {
  name: 'claim slots',
  possible: ({ state }) => state.builds.some((build) => build.phase === 'queued'),
  run: async ({ ledger, settings }) => {
    await ledger.slots.claim({ ...LIMITS, total: settings.slots });
  },
};
