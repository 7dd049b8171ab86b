import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, ownIdentity, type ProcessIdentity } from '../processes/process-identity';
import { createJson, hasCode, readJson } from './json-file';

const RETRY_MS = 20;

interface Holder extends ProcessIdentity {
  token: string;
}

/**
 * Runs `work` while this process alone holds the lock file. The lock of a process that died is broken. Meant for work of
 * milliseconds: whoever waits, waits until the holder is done or dead.
 */
export async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const own: Holder = { ...ownIdentity(), token: randomUUID() };
  while (!(await createJson(path, own))) {
    const holder = await readJson<Holder>(path);
    if (holder !== undefined && !isAlive(holder)) await breakLock(path, holder);
    else await pause(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Two may find the same dead holder: who takes away a lock that was made meanwhile puts it back. */
async function breakLock(path: string, dead: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}.broken`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const taken = await readJson<Holder>(aside);
  if (taken !== undefined && taken.token !== dead.token) await createJson(path, taken);
  await rm(aside, { force: true });
}
