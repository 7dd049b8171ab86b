import { createHash } from 'node:crypto';
import type { SentStart } from '../lib/observed.ts';
import { isConflict, type DeadLetter } from './dead-letters.ts';

const DATA = { runtime: 'nodejs24' };
const START: SentStart = {
  tenant: 'acme',
  parser: 'invoices',
  source: 'network.notifi.acme',
  id: 'one',
  by: 'amqp',
  at: 0,
  content: createHash('sha256').update(JSON.stringify(DATA)).digest('hex'),
};

function dead(reason: string, id: string, data: Record<string, unknown>): DeadLetter {
  const event = { type: 'network.notifi.lambda.build.start', source: START.source, id, data, at: 0 };
  return { queue: 'lambda-build-events', reason, detail: '', event };
}

describe('a dead letter', () => {
  it.each([
    ['another content under the id of a start is', dead('event_id_reused', 'one', { runtime: 'go' }), true],
    ['the content of the start itself is not', dead('event_id_reused', 'one', DATA), false],
    ['an id that nobody sent is not', dead('event_id_reused', 'two', { runtime: 'go' }), false],
    ['any other reason is not', dead('internal_error', 'one', { runtime: 'go' }), false],
  ])('that a client asked for: %s', (_what, letter, asked) => {
    expect(isConflict(letter, [START])).toBe(asked);
  });
});
