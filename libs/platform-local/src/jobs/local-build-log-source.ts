import { open, type FileHandle } from 'node:fs/promises';
import { BuildLogSource, type Clock, type LogChunk } from '@slipway/domain';
import { hasCode } from '../files/json-file';
import { stateLayout } from '../layout/state-layout';
import { JobFolder } from './job-folder';
import { viewJob } from './job-view';

export class LocalBuildLogSource extends BuildLogSource {
  private readonly jobs: string;

  constructor(private readonly options: { root: string; clock: Clock }) {
    super();
    this.jobs = stateLayout(options.root).jobs;
  }

  async read(name: string, offset: number, limit: number): Promise<LogChunk | undefined> {
    const folder = JobFolder.named(this.jobs, name);
    // Asked before the log is read: what was written until the end is then all there.
    const job = await viewJob(folder, this.options.clock);
    if (job === undefined) return undefined;
    const ended = job.end !== undefined;
    const file = await openLog(folder.log);
    if (file === undefined) return { bytes: Buffer.alloc(0), next: offset, complete: ended };
    try {
      const { size } = await file.stat();
      const bytes = await readRange(file, offset, Math.min(limit, Math.max(0, size - offset)));
      const next = offset + bytes.length;
      return { bytes, next, complete: ended && next >= size };
    } finally {
      await file.close();
    }
  }
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
