import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endFamily, hasCode, identityOf, type Family } from '@slipway/platform-local';
import type { FunctionLog } from './function-definition';

/** In the environment of each function's process, so that it is found whatever was recorded of it since. */
const MARK = 'SLIPWAY_PROCESS';

/**
 * The processes of this gateway on disk, so that the next one ends what a killed one has left. One file for all: a
 * service's own folder may be deleted while no gateway runs. Synchronous, so that no process starts unrecorded.
 */
export class ProcessRegistry {
  private readonly path: string;
  private families: Family[] = [];

  constructor(
    root: string,
    private readonly log: FunctionLog,
  ) {
    this.path = join(root, 'function-processes.json');
  }

  /** Ends what an earlier gateway left. To be called once, before the first start. */
  async endLeftovers(): Promise<number> {
    const left = this.read();
    for (const family of left) await endFamily(family, 0);
    this.writeLater();
    return left.length;
  }

  /**
   * Records a family, then has `spawn` start its leader with these variables in its environment. Where it cannot be
   * recorded, on a full disk for one, this fails and nothing is started.
   */
  start<Child extends { pid?: number }>(
    gid: number | undefined,
    spawn: (mark: Record<string, string>) => Child,
  ): { child: Child; family: Family } {
    const id = randomUUID();
    const family: Family = { gid, marker: `${MARK}=${id}` };
    this.families.push(family);
    try {
      this.write();
      const child = spawn({ [MARK]: id });
      family.leader = child.pid === undefined ? undefined : identityOf(child.pid);
      this.writeLater();
      return { child, family };
    } catch (error) {
      this.remove(family);
      throw error;
    }
  }

  remove(family: Family): void {
    this.families = this.families.filter((each) => each !== family);
    this.writeLater();
  }

  private read(): Family[] {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as Family[];
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  private write(): void {
    writeFileSync(`${this.path}.new`, JSON.stringify(this.families), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }

  /** What the file says is enough without this change: its marks find all that runs, and what has ended is not found. */
  private writeLater(): void {
    try {
      this.write();
    } catch (error) {
      this.log.warn({ err: error }, 'a change of the running functions could not be recorded yet');
    }
  }
}
