import { SlipwayError } from '@slipway/domain';
import type { Runtimes } from '../data/load-runtimes';

export interface NamedRuntime {
  family: string;
  version?: string;
}

/** Every accepted spelling: families, aliases, and each with each version (`nodejs22`, `node`, `python3.11`). */
export function runtimeNames(runtimes: Runtimes): string[] {
  return [...spellings(runtimes).keys()];
}

export function isRuntimeName(runtimes: Runtimes, name: string): boolean {
  return spellings(runtimes).has(normal(name));
}

/** What a name stands for; no `version` where the name has none. Fails with `runtime_unsupported`. */
export function runtimeNamed(runtimes: Runtimes, name: string): NamedRuntime {
  const found = spellings(runtimes).get(normal(name));
  if (found) return found;
  throw new SlipwayError(
    'runtime_unsupported',
    `The runtime "${name.slice(0, 60)}" is not known. Known are: ${runtimeNames(runtimes).join(', ')}.`,
  );
}

function spellings(runtimes: Runtimes): Map<string, NamedRuntime> {
  const all = new Map<string, NamedRuntime>();
  for (const { family, aliases, versions } of runtimes) {
    for (const name of new Set([family, ...aliases])) {
      all.set(name, { family });
      for (const { version } of versions) {
        // `python3` with `3.11` would read python33.11: an alias that ends in a digit stands alone.
        if (!/\d$/.test(name)) all.set(`${name}${version}`, { family, version });
      }
    }
  }
  return all;
}

/** Other builders write `nodejs22.x`, `node:22` or `Python 3.11` and mean the same. */
function normal(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s:@_-]/g, '')
    .replace(/\.x$/, '');
}
