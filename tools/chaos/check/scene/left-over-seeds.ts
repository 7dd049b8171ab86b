import { BUILT, CANCELLED, GREET } from './stories.ts';
import { changed, type Seed } from './seed.ts';

const GONE = 'process ';

/** Seeds of I7. */
export const LEFT_OVER_SEEDS: readonly Seed[] = [
  {
    rule: 'no process outlives its build or its attempt',
    found: GONE,
    buildId: BUILT.buildId,
    // A supervisor.
    sow: (scene) => scene.process([scene.job(BUILT.buildId)]),
  },
  {
    rule: 'no process outlives its build or its attempt',
    found: GONE,
    buildId: BUILT.buildId,
    // A builder, or what it started.
    sow: (scene) => scene.process([], { SLIPWAY_OUTPUT: `${scene.job(BUILT.buildId)}/work/out/image` }),
  },
  {
    rule: 'no process outlives its build or its attempt',
    found: GONE,
    buildId: BUILT.buildId,
    // A sidecar.
    sow: (scene) =>
      scene.process([], {
        KANIKO_NAMESPACE: `${scene.traces.stateDir}/jobs`,
        KANIKO_POD_NAME: BUILT.buildId,
      }),
  },
  {
    rule: 'no process outlives its build or its attempt',
    found: ' of the Job build-x lives',
    sow: (scene) => scene.process([scene.job('build-x')]),
  },
  {
    rule: 'no process of a function outlives the gateway that started it',
    found: ` of ${GREET} lives`,
    buildId: BUILT.buildId,
    sow: (scene) => scene.process([], { HOME: `${scene.traces.stateDir}/services/${GREET}/home` }),
  },
  {
    rule: 'a Job folder has a live attempt',
    found: `${BUILT.buildId} has gone at `,
    buildId: BUILT.buildId,
    sow: (scene) => scene.write(`jobs/${BUILT.buildId}/log`, 'text'),
  },
  {
    rule: 'a Job folder has a live attempt',
    found: '.new-123 has none',
    buildId: BUILT.buildId,
    sow: (scene) =>
      scene.write('jobs/.new-123/job.json', { uid: '123', spec: { buildId: BUILT.buildId, attempt: 1 } }),
  },
  {
    rule: 'a live build has its context',
    found: 'context.tar.gz is not there',
    buildId: BUILT.buildId,
    sow: async (scene) => {
      await changed('builds', BUILT, `status = 'running'`)(scene);
      scene.remove('contexts/contexts/build-context/acme/greet');
    },
  },
  {
    rule: 'a slot is held for a live build',
    found: 'attempt 1 holds one, and the build is cancelled',
    buildId: CANCELLED.buildId,
    sow: changed('build_attempts', CANCELLED, 'gone_at = null'),
  },
];
