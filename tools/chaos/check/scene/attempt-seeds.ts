import { minute } from './build-story.ts';
import { BUILT, CANCELLED, FAILED, IDENTITIES } from './stories.ts';
import { changed, statement, type Seed } from './seed.ts';

/** Seeds of I2 and I8. */
export const ATTEMPT_SEEDS: readonly Seed[] = [
  {
    rule: 'a Job is named after its build and attempt',
    found: `attempt 2 has the Job ${FAILED.buildId}-3`,
    buildId: FAILED.buildId,
    sow: changed('build_attempts', FAILED, `job_name = build_id || '-3'`, 'attempt = 2'),
  },
  {
    rule: 'attempts are numbered from 1 without gaps, up to the attempt of the build',
    found: '{2}, and the build is at 2',
    buildId: FAILED.buildId,
    sow: statement(`delete from build_attempts where build_id = '${FAILED.buildId}' and attempt = 1`),
  },
  {
    rule: 'attempts are numbered from 1 without gaps, up to the attempt of the build',
    found: '{}, and the build is at 1',
    buildId: CANCELLED.buildId,
    sow: statement(`delete from build_attempts where build_id = '${CANCELLED.buildId}'`),
  },
  {
    rule: 'an attempt begins when the earlier ones of its build have gone',
    found: 'attempt 2 was claimed at ',
    buildId: FAILED.buildId,
    sow: changed('build_attempts', FAILED, `gone_at = '${minute(7)}'`, 'attempt = 1'),
  },
  {
    rule: 'a content is built once at a time',
    found: 'attempt 1 was claimed at ',
    buildId: CANCELLED.buildId,
    sow: changed(
      'build_attempts',
      CANCELLED,
      `identity = '${IDENTITIES.built}', created_at = '${minute(5)}'`,
    ),
  },
  {
    rule: 'a Job folder is that of its attempt',
    found: `${BUILT.buildId} (another) names attempt 1, whose Job is ${BUILT.buildId}`,
    buildId: BUILT.buildId,
    sow: (scene) => {
      const { buildId } = BUILT;
      scene.write(`jobs/${buildId}/job.json`, { uid: 'another', spec: { buildId, attempt: 1 } });
    },
  },
  {
    rule: 'a Job has one supervisor',
    found: `${BUILT.buildId} has the processes `,
    buildId: BUILT.buildId,
    sow: async (scene) => {
      await scene.process([scene.job(BUILT.buildId)]);
      await scene.process([scene.job(BUILT.buildId)]);
    },
  },
  {
    rule: 'the history has the versions from 1 to that of the build',
    found: '{1, 2, 4, 5}, and the build is at 5',
    buildId: CANCELLED.buildId,
    sow: statement(`delete from build_events where build_id = '${CANCELLED.buildId}' and version = 3`),
  },
  {
    rule: 'the history has the versions from 1 to that of the build',
    found: '{1, 2, 3, 4, 5}, and the build is at 6',
    buildId: CANCELLED.buildId,
    sow: changed('builds', CANCELLED, 'version = 6'),
  },
  {
    rule: 'times do not go back',
    found: 'version 4 is from ',
    buildId: CANCELLED.buildId,
    sow: changed('build_events', CANCELLED, `at = '${minute(2)}'`, 'version = 4'),
  },
  {
    rule: 'nothing follows a terminal state',
    found: 'build.failed at version 4 is followed by build.cancelled',
    buildId: CANCELLED.buildId,
    sow: changed('build_events', CANCELLED, `status = 'failed', type = 'build.failed'`, 'version = 4'),
  },
  {
    rule: 'a build stands where its history ends',
    found: 'failed, done, attempt 1, and the history says cancelled, done, attempt 1',
    buildId: CANCELLED.buildId,
    sow: changed('builds', CANCELLED, `status = 'failed'`),
  },
  {
    rule: 'of the facts that were received the highest version is the end',
    found: 'status.update at version 9, and the build ended at 5',
    buildId: CANCELLED.buildId,
    sow: ({ observed: { events } }) => {
      const update = events.find(({ id }) => id === `${CANCELLED.buildId}/2`)!;
      events.push({ ...update, data: { ...update.data, version: 9 } });
    },
  },
  {
    rule: 'of the facts that were received the highest version is the end',
    found: 'status.update at version 5, and the build ended at 5',
    buildId: CANCELLED.buildId,
    sow: ({ observed: { events } }) => {
      const update = events.find(({ id }) => id === `${CANCELLED.buildId}/2`)!;
      events.push({ ...update, data: { ...update.data, version: 5 } });
    },
  },
];
