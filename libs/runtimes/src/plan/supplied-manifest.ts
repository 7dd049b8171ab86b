import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextEntry } from '@slipway/domain';
import type { Runtime } from '../data/load-runtimes';

/** The scaffold's manifest for a source that has none. */
export function suppliedManifest(
  { manifest, folder }: Runtime,
  entries: readonly ContextEntry[],
): ContextEntry[] {
  const present = [manifest.file, ...manifest.others].some((file) =>
    entries.some(({ path }) => path === file),
  );
  if (present) return [];
  const content = readFileSync(join(folder, 'scaffold', manifest.scaffold));
  return [{ path: manifest.file, executable: false, content }];
}
