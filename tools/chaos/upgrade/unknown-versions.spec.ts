import type { DeadLetter } from '../run/dead-letters.ts';
import { QUEUES } from '../../bootstrap/queues.ts';
import { notRefused, unknownVersionsFor, type UnknownVersion } from './unknown-versions.ts';

const EVENTS = unknownVersionsFor({ build_id: 'build-1', tenant: 'acme', parser: 'invoices' });

function buried({ queue, id, reason }: UnknownVersion): DeadLetter {
  return { queue, reason, detail: '', event: { type: '', source: '', id, at: 0 } };
}

describe('events of unknown versions', () => {
  it('go to every queue, with a version of CloudEvents and of a type that are to come', () => {
    expect(new Set(EVENTS.map(({ queue }) => queue))).toEqual(new Set(QUEUES));
    const versioned = EVENTS.filter(({ headers }) => headers['ce-type']?.endsWith('.v9'));
    expect(versioned).toHaveLength(QUEUES.length - 1);
    expect(EVENTS.filter(({ headers }) => headers['ce-specversion'] === '2.0')).toHaveLength(QUEUES.length);
  });

  it('are all refused where each is a dead letter of its queue for its reason', () => {
    expect(notRefused(EVENTS, EVENTS.map(buried))).toEqual([]);
  });

  it('are missed where one was taken, and where one was refused for something else', () => {
    const [taken, other, ...rest] = EVENTS as [UnknownVersion, UnknownVersion, ...UnknownVersion[]];
    const dead = [...rest.map(buried), { ...buried(other), reason: 'internal_error' }];
    expect(notRefused(EVENTS, dead)).toEqual([
      expect.stringContaining(`${taken.what} in ${taken.queue} is no dead letter`),
      expect.stringContaining(`${other.what} in ${other.queue} is a dead letter for internal_error`),
    ]);
  });
});
