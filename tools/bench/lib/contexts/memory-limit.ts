import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../../bootstrap/wait.ts';

/** A control group of the kernel that bounds the memory of what runs in it. */
export interface MemoryLimit {
  /** What a shell does to enter it. */
  enter: string;
  /** Bytes used at most, page cache included. */
  peakBytes(): number;
  /** Processes that the kernel killed for it. */
  kills(): number;
}

interface Hierarchy {
  parent: string;
  limit: string;
  peak: string;
  events: string;
}

/** Version 2 and version 1 of control groups (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst). */
const HIERARCHIES: readonly Hierarchy[] = [
  { parent: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', events: 'memory.events' },
  {
    parent: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
];

function made({ parent, limit }: Hierarchy, name: string): string | undefined {
  if (!existsSync(parent)) return undefined;
  const folder = join(parent, name);
  try {
    mkdirSync(folder);
  } catch {
    return undefined; // Not ours to make groups in, or no control groups at all.
  }
  if (existsSync(join(folder, limit))) return folder;
  rmdirSync(folder);
  return undefined;
}

/** Lends a group with that much memory; undefined where this user may not make one. */
export async function withMemoryLimit<T>(
  bytes: number,
  work: (limit: MemoryLimit | undefined) => Promise<T>,
): Promise<T> {
  const name = `slipway-bench-${process.pid}`;
  for (const hierarchy of HIERARCHIES) {
    const folder = made(hierarchy, name);
    if (folder === undefined) continue;
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    try {
      writeFileSync(join(folder, hierarchy.limit), String(bytes));
      return await work({
        enter: `echo $$ > ${join(folder, 'cgroup.procs')}`,
        peakBytes: () => Number(read(hierarchy.peak)),
        kills: () => Number(/^oom_kill (\d+)$/m.exec(read(hierarchy.events))?.[1] ?? 0),
      });
    } finally {
      const empty = () => read('cgroup.procs') === '' || undefined;
      await waitFor(empty, { limitMs: 10_000 });
      rmdirSync(folder);
    }
  }
  return work(undefined);
}
