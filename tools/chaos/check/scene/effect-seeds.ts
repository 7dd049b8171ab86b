import { BUILT, CANCELLED, GREET, IDENTITIES, REUSED } from './stories.ts';
import { changed, rewritten, statement, type Seed } from './seed.ts';

/** Seeds of I5 and I6. */
export const EFFECT_SEEDS: readonly Seed[] = [
  {
    rule: 'every row of the outbox is sent',
    found: `${BUILT.buildId}/end was tried 3 times: away`,
    buildId: BUILT.buildId,
    sow: statement(`update outbox set sent_at = null, tries = 3, last_error = 'away'
      where strpos(event::text, '${BUILT.buildId}/end') > 0`),
  },
  {
    rule: 'every public event is received',
    found: `call-1/${GREET}/reply of network.notifi.acme was not`,
    sow: ({ observed }) => {
      observed.events.splice(
        observed.events.findIndex(({ id }) => id.endsWith('/reply')),
        1,
      );
    },
  },
  {
    rule: 'every change of a build has its fact',
    found: 'build.cancelled at version 5 has {}',
    buildId: CANCELLED.buildId,
    sow: statement(`delete from outbox where strpos(event::text, '${CANCELLED.buildId}/end') > 0`),
  },
  {
    rule: 'every change of a build has its fact',
    found: 'job.start at version 3 has {status.update}',
    buildId: CANCELLED.buildId,
    sow: rewritten(`${CANCELLED.buildId}/3`, 'job.start', 'status.update'),
  },
  {
    rule: 'a fact is written once',
    found: `${BUILT.buildId}/2 was written 2 times`,
    buildId: BUILT.buildId,
    sow: rewritten(`${BUILT.buildId}/3`, `${BUILT.buildId}/3`, `${BUILT.buildId}/2`),
  },
  {
    rule: 'a start event leads to one build',
    found: `start-1 of acme led to ${BUILT.buildId}, ${REUSED.buildId}`,
    buildId: BUILT.buildId,
    sow: async (scene) => {
      await scene.sql('alter table builds drop constraint builds_tenant_event_source_event_id_key');
      await changed('builds', REUSED, `event_id = '${BUILT.eventId}'`)(scene);
    },
  },
  {
    rule: 'an event is delivered once to a function',
    found: `call-1 has 2 deliveries to ${GREET}`,
    sow: async (scene) => {
      await scene.sql('alter table deliveries drop constraint deliveries_pkey');
      await scene.sql('insert into deliveries select * from deliveries');
    },
  },
  {
    rule: 'every delivery has ended',
    found: `call-1 to ${GREET} is pending`,
    sow: statement(`update deliveries set state = 'pending'`),
  },
  {
    rule: 'a version of a build is one change',
    found: 'version 3 is {',
    buildId: CANCELLED.buildId,
    sow: changed('build_events', CANCELLED, 'version = 3, seq = 1', 'version = 4'),
  },
  {
    rule: 'a build whose cancel was taken ends cancelled',
    found: 'it is succeeded',
    buildId: BUILT.buildId,
    sow: ({ observed }) => void (observed.cancels[1]!.status = 200),
  },
  {
    rule: 'a build whose cancel was taken ends cancelled',
    found: 'it is succeeded',
    buildId: BUILT.buildId,
    // By an event over HTTP.
    sow: ({ observed }) => void (observed.cancels[1]!.status = 202),
  },
  {
    rule: 'a cancelled build is not deployed',
    found: 'it is the code of lambda-globex-greet',
    buildId: CANCELLED.buildId,
    sow: statement(
      `update functions set code_build_id = '${CANCELLED.buildId}' where service = 'lambda-globex-greet'`,
    ),
  },
  {
    rule: 'a cancelled build answers no other',
    found: `${REUSED.buildId} was answered with it`,
    buildId: CANCELLED.buildId,
    sow: changed('builds', REUSED, `reused_from = '${CANCELLED.buildId}'`),
  },
  {
    rule: 'a cancelled build answers no other',
    found: `it stands for the content ${IDENTITIES.built}`,
    buildId: CANCELLED.buildId,
    sow: statement(`update artifacts set build_id = '${CANCELLED.buildId}'`),
  },
  {
    rule: 'a cancelled build is never said to be complete',
    found: `${CANCELLED.buildId}/end was received`,
    buildId: CANCELLED.buildId,
    sow: ({ observed: { events } }) => {
      const end = events.find(({ id }) => id === `${CANCELLED.buildId}/end`)!;
      events.unshift({ ...end, type: end.type.replace('cancelled', 'complete') });
    },
  },
];
