import { goodScene } from './scene/good-scene.ts';
import type { Scene } from './scene/scene.ts';
import { BUILT, CANCELLED } from './scene/stories.ts';
import { unrest } from './unrest.ts';

describe('what is not at rest', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await goodScene();
  });
  afterAll(() => scene.close());

  it('is nothing where only the regular sweep is due', async () => {
    expect(await unrest(scene.traces)).toEqual([]);
  });

  it('is named by kind: builds, work, events, slots, supervisors, drafts', async () => {
    await scene.sql(`update builds set status = 'running', phase = 'pushing' where build_id = $1`, [
      BUILT.buildId,
    ]);
    await scene.sql(
      `insert into due_work (kind, key) select 'stop', 'job-' || n from generate_series(1, 7) n`,
    );
    await scene.sql('update outbox set sent_at = null where id = 3');
    await scene.sql('update build_attempts set gone_at = null where build_id = $1', [CANCELLED.buildId]);
    await scene.process([scene.job(CANCELLED.buildId)]);
    scene.write('jobs/.new-123/job.json', {});
    expect(await unrest(scene.traces)).toEqual([
      `builds that have not ended (1): ${BUILT.buildId} (pushing)`,
      'due work (7): stop job-1, stop job-2, stop job-3, stop job-4, stop job-5, …',
      'unsent rows of the outbox (1): 3',
      `held slots (1): ${CANCELLED.buildId}`,
      expect.stringMatching(`^supervisors \\(1\\): ${CANCELLED.buildId} \\(process \\d+\\)$`),
      'drafts of Jobs (1): .new-123',
    ]);
  });
});
