import { BUILT, CANCELLED, FAILED, START_DATA } from './stories.ts';
import { changed, rewritten, statement, type Seed } from './seed.ts';

/** Seeds of I1 and I4. */
export const START_SEEDS: readonly Seed[] = [
  {
    rule: 'a start that was taken over has a build',
    found: 'none for start-9 of acme, by amqp',
    sow: ({ observed }) => void observed.starts.push({ ...observed.starts[0]!, id: 'start-9' }),
  },
  {
    rule: 'a build is the one that the answer named, of the function that the start named',
    found: 'start-3 was answered with build-x for greet',
    buildId: FAILED.buildId,
    sow: ({ observed }) => void (observed.starts[2]!.buildId = 'build-x'),
  },
  {
    rule: 'a build is the one that the answer named, of the function that the start named',
    found: `start-3 was answered with ${FAILED.buildId} for another`,
    buildId: FAILED.buildId,
    sow: ({ observed }) => void (observed.starts[2]!.parser = 'another'),
  },
  {
    rule: 'a build has a start that somebody sent',
    found: 'nobody sent start-4 of globex',
    buildId: CANCELLED.buildId,
    sow: ({ observed }) => void observed.starts.pop(),
  },
  {
    rule: 'a start keeps the content that was taken over first',
    found: 'event_hash f00, where the first content has ',
    buildId: BUILT.buildId,
    sow: changed('builds', BUILT, `event_hash = 'f00'`),
  },
  {
    rule: 'a start keeps the content that was taken over first',
    found: ', where another content has ',
    buildId: BUILT.buildId,
    // The members in another order: other bytes than the client sent, and the same event to the ledger.
    sow: ({ observed: { events } }) => {
      const sent = events.find(({ id }) => id === BUILT.eventId)!;
      events.push({ ...sent, data: { code: START_DATA.code, runtime: START_DATA.runtime } });
    },
  },
  {
    rule: 'a start keeps the content that was taken over first',
    found: 'start-1 of acme was taken over with 2 contents',
    sow: ({ observed }) => void observed.starts.push({ ...observed.starts[0]!, content: 'f00' }),
  },
  {
    rule: 'every build has ended',
    found: 'it is running (pushing)',
    buildId: BUILT.buildId,
    sow: changed('builds', BUILT, `status = 'running', phase = 'pushing'`),
  },
  {
    rule: 'a build that has ended has exactly one end fact, and of the right type',
    found: 'failed with {}',
    buildId: FAILED.buildId,
    sow: statement(`delete from outbox where strpos(event::text, '${FAILED.buildId}/end') > 0`),
  },
  {
    rule: 'a build that has ended has exactly one end fact, and of the right type',
    found: 'failed with {build.complete}',
    buildId: FAILED.buildId,
    sow: rewritten(`${FAILED.buildId}/end`, 'build.failed', 'build.complete'),
  },
  {
    rule: 'a build that has ended has exactly one end fact, and of the right type',
    found: 'running with {build.complete}',
    buildId: BUILT.buildId,
    sow: changed('builds', BUILT, `status = 'running', phase = 'pushing'`),
  },
  {
    rule: 'an end fact is about a build',
    found: 'there is none for build-x/end',
    buildId: CANCELLED.buildId,
    sow: rewritten(`${CANCELLED.buildId}/end`, `${CANCELLED.buildId}/end`, 'build-x/end'),
  },
  {
    rule: 'a start that was confirmed is in the ledger',
    found: 'start-9 was confirmed by http',
    buildId: 'build-x',
    sow: ({ observed }) =>
      void observed.starts.push({ ...observed.starts[1]!, id: 'start-9', buildId: 'build-x' }),
  },
  {
    rule: 'a cancel that was answered is in the ledger',
    found: 'no such build',
    buildId: 'build-x',
    sow: ({ observed }) => void observed.cancels.push({ ...observed.cancels[0]!, buildId: 'build-x' }),
  },
  {
    rule: 'no queue holds messages',
    found: 'build-contexts has 2',
    sow: ({ queues }) => void queues.push({ name: 'build-contexts', ready: 2 }),
  },
];
