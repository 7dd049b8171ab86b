import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Whether an error of the system carries one of these codes. Not by `instanceof`, which fails across realms. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** The file's value, or undefined where there is no such file. Fails where it is not JSON. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Replaces the file as a whole: a reader sees the old value or the new one. Mode 0600. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const temporary = await writeBeside(path, value);
  await rename(temporary, path);
}

/** Writes the file unless there is one already; false where there is. It never exists with a part of its content. */
export async function createJson(path: string, value: unknown): Promise<boolean> {
  const temporary = await writeBeside(path, value);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeBeside(path: string, value: unknown): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
  return temporary;
}
