import { BUILT, CANCELLED, FAILED, GREET, IDENTITIES, REUSED } from './stories.ts';
import { changed, rewritten, statement, type Seed } from './seed.ts';

/** Seeds of I10. */
export const TENANT_SEEDS: readonly Seed[] = [
  {
    rule: 'an image is named after the function that it was built for',
    found: ':globex-greet-0 is of acme/greet',
    buildId: REUSED.buildId,
    sow: changed('builds', REUSED, `image_uri = '127.0.0.1:5000/images:globex-greet-0'`),
  },
  {
    rule: 'an image is named after the function that it was built for',
    found: ':acme-greet-0 of attempt 1 is of globex/greet',
    buildId: CANCELLED.buildId,
    sow: changed('build_attempts', CANCELLED, `image_uri = '127.0.0.1:5000/images:acme-greet-0'`),
  },
  {
    rule: 'a context lies below its own tenant',
    found: 'build-context/globex/greet/x is of acme',
    buildId: BUILT.buildId,
    sow: changed('builds', BUILT, `context = '{"key": "build-context/globex/greet/x"}'`),
  },
  {
    rule: 'a context lies below its own tenant',
    found: 'build-context/acme/x is of globex',
    sow: statement(`update stored_contexts set key = 'build-context/acme/x' where tenant = 'globex'`),
  },
  {
    rule: 'a content belongs to one tenant',
    found: `${IDENTITIES.built} is of acme, globex`,
    sow: changed('builds', CANCELLED, `identity = '${IDENTITIES.built}'`),
  },
  {
    rule: 'a build is answered with what the same tenant built',
    found: `${CANCELLED.buildId} is of globex`,
    buildId: REUSED.buildId,
    sow: changed('builds', REUSED, `reused_from = '${CANCELLED.buildId}'`),
  },
  {
    rule: 'a build is answered with what the same tenant built',
    found: `${CANCELLED.buildId} is of globex`,
    buildId: FAILED.buildId,
    sow: changed('builds', FAILED, `cause = '{"shared_from": "${CANCELLED.buildId}"}'`),
  },
  {
    rule: 'a build is answered with what the same tenant built',
    found: 'it answers for globex, and is of acme',
    buildId: BUILT.buildId,
    sow: statement(`update artifacts set tenant = 'globex'`),
  },
  {
    rule: 'attempts and logs belong to their own build',
    found: 'attempt 2 is of globex',
    buildId: FAILED.buildId,
    sow: changed('build_attempts', FAILED, `tenant = 'globex'`, 'attempt = 2'),
  },
  {
    rule: 'attempts and logs belong to their own build',
    found: 'there is a log of attempt 1, and no such attempt',
    buildId: REUSED.buildId,
    sow: changed('build_logs', BUILT, `build_id = '${REUSED.buildId}'`),
  },
  {
    rule: 'a delivery is to a function of the tenant that it names',
    found: `call-1 of network.notifi.acme went to ${GREET} of globex/greet`,
    sow: statement(`update deliveries set tenant = 'globex'`),
  },
  {
    rule: 'a delivery is to a function of the tenant that it names',
    found: `call-1 of network.notifi.globex went to ${GREET} of acme/greet`,
    sow: statement(`update deliveries set event_source = 'network.notifi.globex'`),
  },
  {
    rule: 'a delivery is to a function of the tenant that it names',
    found: `call-1 of network.notifi.builder went to ${GREET} of acme/greet`,
    sow: statement(`update deliveries set event_source = 'network.notifi.builder',
      event = replace(event::text, '"greet"', '"build/globex/greet"')::json`),
  },
  {
    rule: 'a fact names the function of its build',
    found: `${BUILT.buildId}/2 to be sent names build/globex/greet (acme/greet), under acme/greet`,
    buildId: BUILT.buildId,
    sow: rewritten(`${BUILT.buildId}/2`, 'build/acme/greet', 'build/globex/greet'),
  },
  {
    rule: 'a fact names the function of its build',
    found: `${BUILT.buildId}/2 to be sent names build/acme/greet (acme/greet), under globex/greet`,
    buildId: BUILT.buildId,
    sow: statement(`update outbox set partition_key = 'globex/greet'
      where strpos(event::text, '${BUILT.buildId}/2"') > 0`),
  },
  {
    rule: 'a fact names the function of its build',
    found: `${BUILT.buildId}/2 as received names build/acme/greet (globex/greet)`,
    buildId: BUILT.buildId,
    sow: ({ observed: { events } }) => {
      const update = events.find(({ id }) => id === `${BUILT.buildId}/2`)!;
      events.push({ ...update, data: { ...update.data, third_party_id: 'globex' } });
    },
  },
];
