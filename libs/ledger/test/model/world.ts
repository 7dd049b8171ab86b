import type { AttemptReport, LeasedWork } from '../../src';
import type { LedgerState } from './ledger-state';

/** What an app has decided to do about a piece of work after it has read the ledger, and how it does it. */
export interface Decision {
  what: string;
  /** Does it and records it. LeaseLost where the work went to somebody else meanwhile. */
  carryOut(world: World): Promise<void>;
}

/** What is outside of the ledger: the platform's Jobs, the registry's images, and apps in the middle of a step. */
export interface World {
  /** Jobs on the platform by name. */
  jobs: Map<string, AttemptReport | 'running'>;
  /** The digest that each tag has. */
  registry: Map<string, string>;
  workers: Map<string, { work: LeasedWork; decision: Decision }>;
}

export function emptyWorld(): World {
  return { jobs: new Map(), registry: new Map(), workers: new Map() };
}

export function copyOf({ jobs, registry, workers }: World): World {
  return { jobs: new Map(jobs), registry: new Map(registry), workers: new Map(workers) };
}

export function registryHolds(world: World, digest: string): boolean {
  return [...world.registry.values()].includes(digest);
}

/** Whether a worker's lease is still its own. */
export function holdsLease(state: LedgerState, work: LeasedWork): boolean {
  return state.due.some(
    ({ kind, key, lease_token: token }) => kind === work.kind && key === work.key && token === work.token,
  );
}

/**
 * Equal for states from which the same can happen. Left out is what is only ever written: versions, history and outbox.
 * Of tokens and wakes only matters whether they are still those that a worker has seen.
 */
export function fingerprint(state: LedgerState, world: World): string {
  const workers = [...world.workers].map(([name, { work, decision }]) => {
    const row = state.due.find(({ kind, key }) => kind === work.kind && key === work.key);
    const same = row?.lease_token === work.token ? row.wakes === work.wakes : undefined;
    return [name, work.kind, work.key, decision.what, same];
  });
  return JSON.stringify([
    state.builds.map(({ version: _v, history: _h, ...build }) => build),
    state.attempts,
    state.fn,
    state.due.map(({ wakes: _w, lease_token: _t, ...work }) => work),
    state.artifacts,
    state.inbox,
    [...world.jobs].sort(),
    [...world.registry].sort(),
    workers.sort(),
  ]);
}
