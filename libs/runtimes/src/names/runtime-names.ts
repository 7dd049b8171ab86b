import { SlipwayError } from '@slipway/domain';
import type { RuntimeChoice, Runtimes } from '../data/load-runtimes';

/** Every accepted spelling: families, aliases, and each with each version (`nodejs22`, `node`, `python3.11`). */
export function runtimeNames(runtimes: Runtimes): string[] {
  return [...spellings(runtimes).keys()];
}

export function isRuntimeName(runtimes: Runtimes, name: string): boolean {
  return spellings(runtimes).has(normal(name));
}

/** What a name stands for; `version` is the family's default where the name has none. Fails with `runtime_unsupported`. */
export function runtimeNamed(runtimes: Runtimes, name: string): RuntimeChoice {
  const found = spellings(runtimes).get(normal(name));
  if (found) return found;
  throw new SlipwayError(
    'runtime_unsupported',
    `The runtime "${name.slice(0, 60)}" is not known. Known are: ${runtimeNames(runtimes).join(', ')}.`,
  );
}

function spellings(runtimes: Runtimes): Map<string, RuntimeChoice> {
  const all = new Map<string, RuntimeChoice>();
  for (const { family, aliases, default_version, versions } of runtimes) {
    for (const name of new Set([family, ...aliases])) {
      all.set(name, { family, version: default_version });
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
