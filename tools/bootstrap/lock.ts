import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { readJsonFile } from './json-file.ts';
import { isAlive, startTimeOf, type ProcessIdentity } from './process-identity.ts';
import { Refusal } from './refusal.ts';

/** Written aside and linked into place, so that nobody reads a lock that does not name its holder yet. */
function tryTake(path: string): boolean {
  const self: ProcessIdentity = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(self), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes the lock and returns what gives it back. A lock whose holder has ended is taken over.
 * Throws a Refusal with the sentence while another command holds it.
 */
export function takeLock(path: string, sentence: (pid: number) => string): () => void {
  if (!tryTake(path)) {
    const holder = readJsonFile<ProcessIdentity>(path);
    if (holder && isAlive(holder)) throw new Refusal(sentence(holder.pid));
    rmSync(path, { force: true });
    if (!tryTake(path)) throw new Refusal(sentence(0));
  }
  return () => rmSync(path, { force: true });
}

/** The lock that every command holds which starts or stops something of a clone. */
export function takeStateLock(path: string): () => void {
  return takeLock(
    path,
    (pid) =>
      `Another command (process ${pid}) is starting or stopping this clone: wait until it has ended, or end it, and try again.`,
  );
}
