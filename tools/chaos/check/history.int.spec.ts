import { historyOf } from './history.ts';
import { goodScene } from './scene/good-scene.ts';
import type { Scene } from './scene/scene.ts';
import { BUILT, CANCELLED, GREET } from './scene/stories.ts';

describe('the history of a build', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await goodScene();
  });
  afterAll(() => scene.close());

  const history = (buildId: string): Promise<string> => historyOf(scene.traces, scene.observed, buildId);

  /** The lines below a heading. */
  function chapter(text: string, heading: string): string[] {
    const [, ...lines] = text
      .split('\n\n')
      .find((part) => part.startsWith(`${heading}:`))!
      .trimEnd()
      .split('\n');
    return lines;
  }

  it('tells of the build from its start to its log', async () => {
    const text = await history(BUILT.buildId);
    expect(chapter(text, 'The build')).toEqual([expect.stringContaining('status=succeeded  phase=done')]);
    expect(chapter(text, 'Its attempts')).toEqual([
      expect.stringContaining(`job_uid=${BUILT.buildId}-job-1`),
    ]);
    expect(chapter(text, 'Its history').map((line) => /version=(\d)/.exec(line)?.[1])).toEqual([...'123456']);
    expect(chapter(text, 'Its events in the outbox')).toHaveLength(6);
    expect(chapter(text, 'The functions that it is the code of')).toEqual([expect.stringContaining(GREET)]);
    expect(chapter(text, 'Starts that were taken over')).toEqual([expect.stringContaining('id=start-1')]);
    expect(chapter(text, 'Cancels')).toEqual([expect.stringContaining('status=409')]);
    expect(chapter(text, 'Events that were received')).toHaveLength(6);
    expect(chapter(text, 'The end of the log of attempt 1')).toEqual([
      expect.stringMatching(/^ {2}first last/),
    ]);
  });

  it('tells the last lines of a long log, also where its middle is missing', async () => {
    const piece = { build_id: CANCELLED.buildId, attempt: 1 };
    const lines = Array.from({ length: 5_000 }, (_, n) => `line ${n}\n`).join('');
    await scene.insert('build_logs', { ...piece, offset: 0, bytes: Buffer.from('the beginning\n') });
    await scene.insert('build_logs', { ...piece, offset: 1_000_000, bytes: Buffer.from(lines) });
    await scene.insert('build_logs', {
      ...piece,
      offset: 1_000_000 + lines.length,
      bytes: Buffer.from('the end\n'),
    });
    const told = chapter(await history(CANCELLED.buildId), 'The end of the log of attempt 1');
    expect(told).toHaveLength(20);
    expect(told.slice(-2)).toEqual(['  line 4999', '  the end']);
  });

  it('says of a build that is not in the ledger what the outside saw of it', async () => {
    scene.observed.starts.push({ ...scene.observed.starts[1]!, id: 'lost', buildId: 'build-lost' });
    const text = await history('build-lost');
    expect(chapter(text, 'The build')).toEqual(['  none']);
    expect(chapter(text, 'Starts that were taken over')).toEqual([expect.stringContaining('id=lost')]);
  });
});
