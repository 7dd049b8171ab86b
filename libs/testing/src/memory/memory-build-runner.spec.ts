import type { JobSpec } from '@slipway/domain';
import { MemoryBuildLogs } from './memory-build-logs';
import { MemoryBuildRunner } from './memory-build-runner';

const SPEC = { name: 'job', buildId: 'build-1', attempt: 1 } as JobSpec;

describe('Jobs in memory', () => {
  it('adopts a Job that has the name already', async () => {
    const runner = new MemoryBuildRunner();
    const { uid } = await runner.start(SPEC);
    expect(await runner.start(SPEC)).toEqual({ uid });
    expect(runner.specs).toHaveLength(1);
  });

  it('shows how a Job ended until it is stopped', async () => {
    const runner = new MemoryBuildRunner();
    await runner.start(SPEC);
    runner.end('job', { exitCode: 0 });
    expect(await runner.get('job')).toMatchObject({
      phase: 'done',
      end: { exitCode: 0, head: [], tail: [] },
    });
    await runner.stop('job');
    expect(await runner.get('job')).toBeUndefined();
  });

  it('gives its output piece by piece, and knows its end', async () => {
    const logs = new MemoryBuildLogs();
    const runner = new MemoryBuildRunner(logs);
    await runner.start(SPEC);
    logs.write('job', 'hello');
    expect(await logs.read('job', 0, 3)).toEqual({ bytes: Buffer.from('hel'), next: 3, complete: false });
    logs.close('job');
    expect(await logs.read('job', 3, 10)).toEqual({ bytes: Buffer.from('lo'), next: 5, complete: true });
    await runner.stop('job');
    expect(await logs.read('job', 5, 10)).toBeUndefined();
  });
});
