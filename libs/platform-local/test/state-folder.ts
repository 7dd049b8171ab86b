import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteTree } from '../src/files/remove-tree';

/** A state folder for one test, and what removes it. */
export async function stateFolder(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-state-'));
  await chmod(root, 0o755);
  return { root, remove: () => deleteTree(root) };
}
