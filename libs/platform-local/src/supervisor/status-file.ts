import type { ContainerEnd, JobState } from '@slipway/domain';
import type { JobFolder } from '../jobs/job-folder';
import type { StatusRecord } from '../jobs/job-record';

/** The supervisor's word about its Job. Each change replaces the file; after `finish` none follows. */
export class StatusFile {
  private writes: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: JobFolder,
    private current: StatusRecord,
  ) {}

  static async begin(folder: JobFolder, first: StatusRecord): Promise<StatusFile> {
    const file = new StatusFile(folder, first);
    await file.change({});
    return file;
  }

  phase(phase: JobState['phase']): Promise<void> {
    return this.change({ phase });
  }

  async finish(end: ContainerEnd, now: number): Promise<void> {
    await this.change({ phase: 'done', end, endedAt: new Date(now).toISOString() });
  }

  async change(part: Partial<StatusRecord>): Promise<void> {
    // The end is the last word; a sidecar that starts again later only adds its pid.
    this.current = { ...this.current, ...part };
    // One write after the other: an older one that came last would hide the end.
    const write = this.writes.then(() => this.folder.writeStatus(this.current));
    this.writes = write.catch(() => undefined);
    await write;
  }
}
