import { buildIdOf } from '@slipway/domain';
import type { AcceptRequest, InboxKey } from '../../src';
import { acceptRequest, startEvent } from '../given';
import type { Apps } from './due-steps';
import { readState, type BuildState, type LedgerState } from './ledger-state';
import type { ModelLedger } from './model-ledger';
import { emptyWorld, type World } from './world';

/** The two builds, both of one function. */
export type Name = 'A' | 'B';
export const NAMES: readonly Name[] = ['A', 'B'];
export const IDS = { tenant: 'acme', parser: 'greet' };

export interface Settings {
  /** Both builds have the same content. */
  twins: boolean;
  /** B is built although its content may be known. */
  forced: boolean;
  /** Jobs at once on the platform. */
  slots: number;
}

/** The whole system at one moment. */
export interface System extends Apps {
  model: ModelLedger;
  state: LedgerState;
  world: World;
  settings: Settings;
}

/** Something that may happen, in one step. */
export interface Action {
  name: string;
  possible(system: System): boolean;
  /** Changes ledger and world. Answers `nothing` where the ledger must not have changed. */
  run(system: System): Promise<'nothing' | void>;
}

export async function emptySystem(model: ModelLedger, settings: Settings): Promise<System> {
  return {
    model,
    settings,
    ledger: model.ledger,
    state: await readState(model.ledger),
    world: emptyWorld(),
    contents: new Map(NAMES.map((name) => [idOf(name), settings.twins ? 'same' : name])),
  };
}

export function idOf(name: Name): string {
  return buildIdOf(IDS.parser, { tenant: IDS.tenant, source: startEvent().source, id: name });
}

export function requestOf(name: Name, { forced }: Settings): AcceptRequest {
  const request = forced && name === 'B' ? { force_rebuild: true } : {};
  return acceptRequest({ ...IDS, request, event: startEvent({ id: name }) });
}

export function buildOf({ state }: System, name: Name): BuildState | undefined {
  return state.builds.find((build) => build.build_id === idOf(name));
}

export function inboxOf(id: string): InboxKey {
  return { queue: 'q', tenant: IDS.tenant, source: 's', id };
}

/** Whether a message with this id was handled. */
export function wasHandled({ inbox }: LedgerState, id: string): boolean {
  return inbox.includes(`q ${id}`);
}

/** Fails a step whose answer is not what the ledger promises. */
export function promised(holds: boolean, promise: string): void {
  if (!holds) throw new Error(promise);
}

/** Several things that happen with nothing between them; those after the first are left out where they are not possible. */
export function together(name: string, first: Action, ...others: readonly Action[]): Action {
  return {
    name,
    possible: (system) => first.possible(system),
    run: async (system) => {
      let answer = await first.run(system);
      for (const action of others) {
        const now = { ...system, state: await readState(system.ledger) };
        if (action.possible(now)) answer = await action.run(now);
      }
      return answer;
    },
  };
}
