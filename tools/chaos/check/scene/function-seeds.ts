import { BUILT, GREET, HEX, OTHER, REUSED } from './stories.ts';
import { changed, statement, type Seed } from './seed.ts';

function changedFunction(service: string, set: string): Seed['sow'] {
  return statement(`update functions set ${set} where service = '${service}'`);
}

/** Seeds of I3. */
export const FUNCTION_SEEDS: readonly Seed[] = [
  {
    rule: 'a function serves what a succeeded build of it made',
    found: `${GREET} serves sha256:f00`,
    buildId: BUILT.buildId,
    sow: changedFunction(GREET, `applied_digest = 'sha256:f00'`),
  },
  {
    rule: 'a function serves what a succeeded build of it made',
    found: `${OTHER} serves `,
    buildId: BUILT.buildId,
    sow: changedFunction(OTHER, `applied_build_id = '${BUILT.buildId}'`),
  },
  {
    rule: 'a function serves what a Job of ours made',
    found: `the Job of ${BUILT.buildId} is not known`,
    buildId: REUSED.buildId,
    sow: changed('build_attempts', BUILT, 'job_uid = null'),
  },
  {
    rule: 'the image store holds what serves',
    found: ` of ${GREET} is not there`,
    buildId: BUILT.buildId,
    sow: (scene) => scene.remove(`images/${HEX}`),
  },
  {
    rule: 'what serves is what the row of the function says',
    found: `${GREET}: the row says ready ${GREET}-00000001`,
    buildId: BUILT.buildId,
    sow: (scene) => scene.remove(`services/${GREET}/current.json`),
  },
  {
    rule: 'what serves is what the row of the function says',
    found: `${GREET}: the row says ready`,
    buildId: BUILT.buildId,
    sow: (scene) => scene.write(`services/${GREET}/current.json`, '{"revision":'),
  },
  {
    rule: 'what serves is what the row of the function says',
    found: `${GREET}: the row says deleted`,
    buildId: BUILT.buildId,
    sow: changedFunction(GREET, `applied_status = 'deleted'`),
  },
  {
    rule: 'what serves is what the row of the function says',
    found: 'lambda-nobody: the row says nothing',
    sow: (scene) => scene.write('services/lambda-nobody/current.json', { revision: 'r' }),
  },
  {
    rule: 'a revision holds what a succeeded build of its function made',
    found: `${GREET}-2 holds sha256:f00`,
    sow: (scene) =>
      scene.write(`services/${GREET}/${GREET}-2.json`, {
        tenant: 'acme',
        parser: 'greet',
        digest: 'sha256:f00',
      }),
  },
  {
    rule: 'the last wish for a function is carried out',
    found: `${GREET} is at wish 1 of 2`,
    buildId: BUILT.buildId,
    sow: changedFunction(GREET, 'wish_version = 2'),
  },
];
