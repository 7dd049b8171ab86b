import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobFolder } from './job-folder';
import type { JobRecord } from './job-record';

describe('the folder of a Job', () => {
  let jobs: string;
  beforeEach(async () => void (jobs = await mkdtemp(join(tmpdir(), 'slipway-jobs-'))));
  afterEach(() => rm(jobs, { recursive: true, force: true }));

  it('leaves nothing of a Job whose record could not be written, as on a full disk', async () => {
    const record = { uid: '1', spec: { name: 'build-a' }, unwritable: 1n } as unknown as JobRecord;
    await expect(JobFolder.create(jobs, record)).rejects.toThrow('BigInt');
    expect(await readdir(jobs)).toEqual([]);
  });
});
