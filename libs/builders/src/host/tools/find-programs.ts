import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every executable file of this name on the search path, links followed, each once. */
export function programsNamed(name: string, searchPath: string): string[] {
  const found = searchPath
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => executable(join(folder, name)))
    .filter((path) => path !== undefined);
  return [...new Set(found)];
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    // Not there, or not for this user: both mean that it cannot be used.
    return undefined;
  }
}
