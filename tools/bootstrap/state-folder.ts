import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Refusal } from './refusal.ts';
import { removeTree } from './remove-tree.ts';

export interface StatePaths {
  folder: string;
  /** Addresses and processes of the running system. */
  run: string;
  lock: string;
  secrets: string;
  logs: string;
  broker: string;
  database: string;
  /** File object store: `{bucket}/{key}`. */
  objects: string;
  /** STATE_DIR of the apps. */
  platform: string;
  /** Twelve hex digits that tell this clone and purpose from all others on the machine. */
  instance: string;
}

interface Place {
  root: string;
  env: NodeJS.ProcessEnv;
  asRoot: boolean;
}

/**
 * Where a clone keeps its data: never inside the clone. As root the database and the broker run as other users, which
 * cannot enter a clone below /root; and functions that lay inside it would find the clone's own node_modules.
 */
export function statePaths(purpose: 'start' | 'test', { root, env, asRoot }: Place): StatePaths {
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const home = env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state');
  const chosen = env.SLIPWAY_STATE_DIR ?? join(asRoot ? '/var/lib' : home, 'slipway', clone);
  const folder = purpose === 'test' ? `${chosen}-test` : chosen;
  return {
    folder,
    run: join(folder, 'run.json'),
    lock: join(folder, 'lock'),
    secrets: join(folder, 'secrets.json'),
    logs: join(folder, 'logs'),
    broker: join(folder, 'broker'),
    database: join(folder, 'database'),
    objects: join(folder, 'objects'),
    platform: join(folder, 'platform'),
    instance: createHash('sha256').update(folder).digest('hex').slice(0, 12),
  };
}

/**
 * Makes a folder and those above it. Not by `recursive: true`, which never returns where the file system answers ENOENT
 * (below /proc). The mode is set only on what we make, whatever the umask: a folder of the user keeps the one it has.
 */
function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), mode);
  mkdirSync(path);
  chmodSync(path, mode);
}

/**
 * Makes the folders. Other users may pass through as far as their own data, and see nothing on the way. Throws a
 * Refusal where that is not possible.
 */
export function createStateFolder(paths: StatePaths, asRoot: boolean): void {
  const passage = asRoot ? 0o711 : 0o700;
  try {
    makeFolder(paths.folder, passage);
    makeFolder(paths.logs, 0o700);
    makeFolder(paths.objects, 0o700);
    makeFolder(paths.platform, passage);
  } catch (error) {
    throw new Refusal(
      `The state folder ${paths.folder} cannot be made (${(error as Error).message}): make it writable or name another one with SLIPWAY_STATE_DIR.`,
    );
  }
}

/** Deletes what we keep in the state folder, and the folder itself if nothing else lies in it. */
export function deleteState(paths: StatePaths): void {
  const { run, lock, secrets, logs, broker, database, objects, platform } = paths;
  for (const path of [run, secrets, logs, broker, database, objects, platform, lock]) {
    removeTree(path);
  }
  // SLIPWAY_STATE_DIR may name a folder that holds other things as well; those are not ours to delete.
  if (readdirSync(paths.folder).length === 0) rmdirSync(paths.folder);
}
