import { join } from 'node:path';
import { stateFolder } from '../../test/state-folder';
import { aRecord } from '../../test/records';
import { bootId, ownIdentity } from '../processes/process-identity';
import { JobFolder } from './job-folder';
import type { JobRecord } from './job-record';
import { SUPERVISOR_GRACE_MS, viewJob } from './job-view';

describe('viewJob', () => {
  let root: string;
  let remove: () => Promise<void>;
  const now = 5_000_000;
  const clock = { now: () => now };

  beforeEach(async () => ({ root, remove } = await stateFolder()));
  afterEach(() => remove());

  async function job(overrides: Partial<JobRecord> = {}): Promise<JobFolder> {
    const record = aRecord({ bootId: bootId(), createdAt: now, ...overrides });
    await JobFolder.create(join(root, 'jobs'), record);
    return JobFolder.named(join(root, 'jobs'), record.spec.name);
  }

  it('calls a Job starting while its supervisor may still come', async () => {
    await expect(viewJob(await job(), clock)).resolves.toMatchObject({ phase: 'starting', uid: 'uid-1' });
  });

  it.each<[string, Partial<JobRecord>]>([
    ['too long ago', { createdAt: now - SUPERVISOR_GRACE_MS - 1 }],
    ['before the machine was started again', { bootId: 'another' }],
  ])('calls a Job lost whose supervisor never came and which was made %s', async (_when, overrides) => {
    const folder = await job(overrides);
    await expect(viewJob(folder, clock)).resolves.toMatchObject({ phase: 'done', end: { reason: 'lost' } });
    // No supervisor can make it wrong afterwards.
    await expect(folder.takeLock(ownIdentity())).resolves.toBe(false);
  });

  it('calls a Job lost whose supervisor died without a word', async () => {
    const folder = await job();
    await folder.takeLock({ ...ownIdentity(), startTime: '1' });
    await expect(viewJob(folder, clock)).resolves.toMatchObject({
      end: { reason: 'lost', head: [], tail: [] },
    });
  });

  it('keeps to the end that a supervisor wrote before it went', async () => {
    const folder = await job();
    await folder.takeLock({ ...ownIdentity(), startTime: '1' });
    const end = { exitCode: 0, digest: 'sha256:x', head: ['a'], tail: ['b'] };
    await folder.writeStatus({ uid: 'uid-1', pid: 1, startTime: '1', phase: 'done', end });
    await expect(viewJob(folder, clock)).resolves.toMatchObject({ phase: 'done', end });
  });

  it('knows of no Job whose folder is gone', async () => {
    await expect(viewJob(JobFolder.named(join(root, 'jobs'), 'none'), clock)).resolves.toBeUndefined();
  });
});
