import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { byPath, type ContextEntry } from '@slipway/domain';
import { runtimeOf, versionOf, type RuntimeChoice, type Runtimes } from '../data/load-runtimes';

export interface Wrapper {
  /** Changes with every byte of the wrapper: `nodejs-{12 hex}`. */
  id: string;
  files: ContextEntry[];
}

/** The wrapper of a version with its locked manifest, or undefined where the version has none. */
export function wrapperOf(runtimes: Runtimes, choice: RuntimeChoice): Wrapper | undefined {
  const { wrapper } = versionOf(runtimes, choice);
  if (!wrapper) return undefined;
  const folder = join(runtimeOf(runtimes, choice.family).folder, 'wrapper');
  const folders = wrapper.lock === '.' ? [folder] : [folder, join(folder, wrapper.lock)];
  const files = folders.flatMap(filesIn).sort(byPath);
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return { id: `${choice.family}-${hash.digest('hex').slice(0, 12)}`, files };
}

function filesIn(folder: string): ContextEntry[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ path: name, executable: false, content: readFileSync(join(folder, name)) }));
}
