import { isSlipwayError } from '@slipway/domain';
import type { Ledger } from '../../src';
import { isEnded } from './ledger-state';
import {
  IDS,
  buildOf,
  idOf,
  inboxOf,
  promised,
  requestOf,
  wasHandled,
  type Action,
  type Name,
} from './system';

/** The start event of a build comes, and may come again. */
export function start(name: Name): Action {
  return {
    name: `start ${name}`,
    possible: () => true,
    run: async (system) => {
      const known = buildOf(system, name) !== undefined;
      const { build, duplicate } = await system.ledger.acceptBuild(requestOf(name, system.settings));
      promised(build.build_id === idOf(name), 'I5 the same event is answered with the same build');
      promised(duplicate === known, 'I5 an event is new once');
      return duplicate ? 'nothing' : undefined;
    },
  };
}

/** Somebody cancels a build, and may cancel it again. */
export function cancel(name: Name): Action {
  return {
    name: `cancel ${name}`,
    possible: (system) => buildOf(system, name) !== undefined,
    run: async (system) => {
      const before = buildOf(system, name)!;
      const answer = await cancelled(system.ledger, before.build_id);
      const refused = before.status === 'succeeded' || before.status === 'failed';
      promised(answer === (refused ? 'build_terminal' : 'cancelled'), `I6 a cancel was answered ${answer}`);
      return isEnded(before) ? 'nothing' : undefined;
    },
  };
}

/** The status that the answer shows, or the code of the refusal. */
async function cancelled(ledger: Ledger, buildId: string): Promise<string> {
  try {
    return (await ledger.cancelBuild(buildId, { actor: 'test' })).status;
  } catch (error) {
    if (isSlipwayError(error)) return error.code;
    throw error;
  }
}

/** One message that cancels all builds of the function comes, and may come again. */
export const cancelAll: Action = {
  name: 'cancel all',
  possible: ({ state }) => state.builds.length > 0,
  run: async ({ ledger, state }) => {
    const again = wasHandled(state, 'cancel-all');
    const live = state.builds.filter((build) => !isEnded(build)).length;
    const answer = await ledger.cancelFunctionBuilds(inboxOf('cancel-all'), IDS, { actor: 'test' });
    promised(answer.length === (again ? 0 : live), 'I6 one message cancels all that live, once');
    return again ? 'nothing' : undefined;
  },
};

/** A message that wishes something for the function comes, and may come again. */
function wish(name: string, send: (ledger: Ledger) => Promise<string>): Action {
  return {
    name,
    possible: ({ state }) => state.fn !== null,
    run: async ({ ledger, state }) => {
      const again = wasHandled(state, name);
      const verdict = await send(ledger);
      promised(verdict === (again ? 'duplicate' : 'recorded'), `I5 a wish was ${verdict}`);
      return again ? 'nothing' : undefined;
    },
  };
}

export const deleteFunction = wish('delete function', (ledger) =>
  ledger.deployments.wishDelete(inboxOf('delete function'), IDS),
);

export const updateFunction = wish('update function', (ledger) =>
  ledger.deployments.wishOptions(inboxOf('update function'), IDS, { concurrency: 2 }),
);
