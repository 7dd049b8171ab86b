import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endFamily, hasCode, type Family } from '@slipway/platform-local';

/**
 * The processes of this gateway on disk, so that the next one ends what a killed one has left. One file for all: a
 * service's own folder may be deleted while no gateway runs. Synchronous, so that no process starts unrecorded.
 */
export class ProcessRegistry {
  private readonly path: string;
  private families: Family[] = [];

  constructor(root: string) {
    this.path = join(root, 'function-processes.json');
  }

  /** Ends what an earlier gateway left. To be called once, before the first start. */
  async endLeftovers(): Promise<number> {
    const left = this.read();
    for (const family of left) await endFamily(family, 0);
    this.write();
    return left.length;
  }

  add(family: Family): void {
    this.families.push(family);
    this.write();
  }

  remove(family: Family): void {
    this.families = this.families.filter((each) => each !== family);
    this.write();
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
}
