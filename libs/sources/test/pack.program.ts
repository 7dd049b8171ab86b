import { packContext } from '../src/archive/pack-context';
import { treeOfLongNames } from './random-tree';

/** Packs as a process of its own, perhaps of another Node, and prints the SHA-256 of the archive. */
async function main(): Promise<void> {
  const { sha256 } = await packContext(treeOfLongNames());
  process.stdout.write(sha256);
}

void main();
