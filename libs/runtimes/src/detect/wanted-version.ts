import type { ContextEntry } from '@slipway/domain';
import { compare, coerce, intersects, validRange } from 'semver';
import type { Runtime } from '../data/load-runtimes';
import type { VersionHint } from '../data/runtime-definition';
import { jsonText, textOf } from './source-files';

export interface WantedVersion {
  version: string;
  notes: string[];
}

/** The version that the source asks for in its own files, else the default. */
export function wantedVersion(runtime: Runtime, entries: readonly ContextEntry[]): WantedVersion {
  for (const hint of runtime.version_hints) {
    const wish = wishOf(hint, entries);
    if (wish === undefined) continue;
    const found = satisfying(runtime, hint.as, wish);
    if (found !== undefined) return { version: found, notes: [] };
    const note = `${hint.file} asks for ${wish.slice(0, 60)}, which is none of the ${runtime.family} versions; ${runtime.default_version} is used`;
    return { version: runtime.default_version, notes: [note] };
  }
  return { version: runtime.default_version, notes: [] };
}

function wishOf(hint: VersionHint, entries: readonly ContextEntry[]): string | undefined {
  const found = hint.json
    ? jsonText(entries, hint.file, hint.json)
    : hint.pattern?.exec(textOf(entries, hint.file) ?? '')?.[1];
  return found?.trim();
}

/** The default version where it will do, else the newest that does. */
function satisfying(runtime: Runtime, as: VersionHint['as'], wish: string): string | undefined {
  const fits = fitting(as, wish);
  if (!fits) return undefined;
  const newestFirst = runtime.versions
    .map(({ version }) => version)
    .sort((a, b) => compare(full(b), full(a)));
  return [runtime.default_version, ...newestFirst].find(fits);
}

function fitting(as: VersionHint['as'], wish: string): ((version: string) => boolean) | undefined {
  if (as === 'exact') return (version) => version === wish;
  const range = validRange(as === 'minimum' ? `>=${wish}` : semverRange(wish));
  // `22` stands for all of 22.x, so a range that begins at 22.18 still means it.
  return range === null ? undefined : (version) => intersects(range, `${version}.x`);
}

/** Python writes its ranges with commas, `==` and `~=`. */
function semverRange(wish: string): string {
  return wish.slice(0, 200).replaceAll(',', ' ').replaceAll('~=', '^').replaceAll('==', '=');
}

function full(version: string): string {
  return coerce(version)?.version ?? '0.0.0';
}
