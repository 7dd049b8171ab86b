import { globSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile } from './json-file.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { terminate } from './terminate.ts';

/**
 * Ends the supervisors of builds that run; each of them ends its builder and sidecar. They are detached from the app
 * that started them, so that a build outlives its restart, and are therefore known by their status files alone.
 */
export async function stopSupervisors(platform: string): Promise<number> {
  const files = globSync(join(platform, 'jobs', '*', 'status.json'));
  const identities = files.flatMap((file) => readIdentity(file) ?? []);
  await Promise.all(identities.map((identity) => terminate(identity, { graceMs: 10_000 })));
  return identities.length;
}

function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const status = readJsonFile<{ pid?: unknown; startTime?: unknown }>(file);
    if (typeof status?.pid !== 'number') return undefined;
    return { pid: status.pid, startTime: String(status.startTime) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // A job folder that somebody damaged names no process.
    throw error;
  }
}
