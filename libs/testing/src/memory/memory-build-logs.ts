import { BuildLogSource, type LogChunk } from '@slipway/domain';

/** Outputs of Jobs in memory. */
export class MemoryBuildLogs extends BuildLogSource {
  private readonly logs = new Map<string, { bytes: Buffer; closed: boolean }>();

  write(name: string, text: string): void {
    const log = this.logs.get(name) ?? { bytes: Buffer.alloc(0), closed: false };
    this.logs.set(name, { ...log, bytes: Buffer.concat([log.bytes, Buffer.from(text)]) });
  }

  /** Says that nothing will follow. */
  close(name: string): void {
    this.write(name, '');
    this.logs.get(name)!.closed = true;
  }

  lose(name: string): void {
    this.logs.delete(name);
  }

  async read(name: string, offset: number, limit: number): Promise<LogChunk | undefined> {
    const log = this.logs.get(name);
    if (!log) return undefined;
    const bytes = log.bytes.subarray(offset, offset + limit);
    const next = offset + bytes.length;
    return { bytes: Buffer.from(bytes), next, complete: log.closed && next >= log.bytes.length };
  }
}
