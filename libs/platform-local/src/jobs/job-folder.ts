import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createJson, hasCode, readJson, writeJson } from '../files/json-file';
import { deleteTree } from '../files/remove-tree';
import { folderName, isFolderName } from '../layout/state-layout';
import type { JobRecord, StatusRecord, SupervisorLock } from './job-record';

const DRAFT = '.new-';

async function entriesOf(jobs: string): Promise<string[]> {
  return readdir(jobs).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
}

/** The files of one Job. */
export class JobFolder {
  readonly log: string;
  readonly work: string;
  readonly sidecarLog: string;
  readonly supervisorLog: string;

  constructor(readonly path: string) {
    this.log = join(path, 'log');
    this.work = join(path, 'work');
    this.sidecarLog = join(path, 'sidecar.log');
    this.supervisorLog = join(path, 'supervisor.log');
  }

  static named(jobs: string, name: string): JobFolder {
    return new JobFolder(join(jobs, folderName(name)));
  }

  /** Lets the Job appear under its name, complete; false where the name is taken. */
  static async create(jobs: string, record: JobRecord): Promise<boolean> {
    await mkdir(jobs, { recursive: true, mode: 0o711 });
    const temporary = join(jobs, `${DRAFT}${record.uid}`);
    // Others may pass through to the work folder, and read nothing on the way.
    await mkdir(temporary, { mode: 0o711 });
    try {
      await writeJson(join(temporary, 'job.json'), record);
      await rename(temporary, JobFolder.named(jobs, record.spec.name).path);
      return true;
    } catch (error) {
      await deleteTree(temporary);
      if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
      throw error;
    }
  }

  /** Takes away what a process left behind that died while it made a Job; a password lies in it. */
  static async removeDrafts(jobs: string, olderThanMs: number, now: number): Promise<void> {
    for (const name of await entriesOf(jobs)) {
      if (!name.startsWith(DRAFT)) continue;
      const draft = join(jobs, name);
      const made = await stat(draft).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      });
      if (made && now - made.mtimeMs > olderThanMs) await deleteTree(draft);
    }
  }

  static async names(jobs: string): Promise<string[]> {
    return (await entriesOf(jobs)).filter(isFolderName).sort();
  }

  record(): Promise<JobRecord | undefined> {
    return readJson(join(this.path, 'job.json'));
  }

  status(): Promise<StatusRecord | undefined> {
    return readJson(join(this.path, 'status.json'));
  }

  writeStatus(status: StatusRecord): Promise<void> {
    return writeJson(join(this.path, 'status.json'), status);
  }

  lock(): Promise<SupervisorLock | undefined> {
    return readJson(join(this.path, 'supervisor.lock'));
  }

  /** False where somebody has it already, or had it. */
  takeLock(lock: SupervisorLock): Promise<boolean> {
    return createJson(join(this.path, 'supervisor.lock'), lock);
  }
}
