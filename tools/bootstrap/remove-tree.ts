import { chmodSync, existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Images are read-only down to their folders, which whoever is not root must undo before they can be deleted. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
  }
}

/** Deletes a file, or a folder with all that is in it; done where it is gone already. */
export function removeTree(path: string): void {
  // As root no mode matters, and the folders may belong to other users.
  if (process.getuid?.() !== 0 && existsSync(path) && lstatSync(path).isDirectory()) makeWritable(path);
  rmSync(path, { recursive: true, force: true });
}
