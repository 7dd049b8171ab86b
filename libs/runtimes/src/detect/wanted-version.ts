import type { ContextEntry } from '@slipway/domain';
import { coerce, compare, intersects, satisfies } from 'semver';
import type { Runtime } from '../data/load-runtimes';
import type { VersionHint } from '../data/runtime-definition';
import { jsonText, textOf } from './source-files';
import { tomlText } from './toml-text';
import { wishedRanges } from './wish-formats';

export interface WantedVersion {
  version: string;
  notes: string[];
}

interface Wish {
  /** Where it stands: `package.json#engines.node`, `.nvmrc`. */
  place: string;
  text: string;
}

/**
 * The version that the source asks for in its own files: each wish narrows what those before it left, and of what is left
 * the default is taken, else the newest. A wish that cannot be met is noted and passed over.
 */
export function wantedVersion(runtime: Runtime, entries: readonly ContextEntry[]): WantedVersion {
  const notes: string[] = [];
  let candidates = preferredFirst(runtime);
  for (const hint of runtime.version_hints) {
    const unmet: Wish[] = [];
    for (const wish of wishesOf(hint, entries)) {
      const fitting = thoseThatFit(runtime, candidates, hint, wish);
      if (fitting.length > 0) {
        candidates = fitting;
        break;
      }
      unmet.push(wish);
    }
    notes.push(...unmet.map((wish) => unmetNote(runtime, candidates, wish)));
  }
  return { version: candidates[0] ?? runtime.default_version, notes };
}

/** What a hint's file asks for; several where the file names one version per line, the preferred one first. */
function wishesOf(hint: VersionHint, entries: readonly ContextEntry[]): Wish[] {
  const { file, json, toml } = hint;
  const wish = (text: string | undefined, place = file): Wish[] =>
    text === undefined || text.trim() === '' ? [] : [{ place, text: text.trim().slice(0, 200) }];
  if (json) return wish(jsonText(entries, file, json), `${file}#${json}`);
  const document = textOf(entries, file)?.replace(/^\uFEFF/, '');
  if (document === undefined) return [];
  if (toml) return wish(tomlText(document, toml), `${file}#${toml}`);
  if (hint.pattern) return wish(hint.pattern.exec(document)?.[1]);
  const lines = document.split('\n').map((line) => line.replace(/#.*/, ''));
  return lines.flatMap((line) => wish(line)).slice(0, 20);
}

function thoseThatFit(runtime: Runtime, candidates: string[], hint: VersionHint, { text }: Wish): string[] {
  const wished = wishedRanges(hint.as, text, runtime);
  if (wished === undefined) return [];
  const thatMeet = (meets: (version: string, range: string) => boolean): string[] =>
    candidates.filter((version) => wished.some((ranges) => ranges.every((range) => meets(version, range))));
  // An image holds the newest patch of its version; only where none of these will do, another patch of it has to.
  const newest = thatMeet((version, range) => satisfies(newestOf(version), range));
  return newest.length > 0 ? newest : thatMeet((version, range) => intersects(range, `${version}.x`));
}

/** `3.12` stands for 3.12.999, `22` for 22.999.999. */
function newestOf(version: string): string {
  return [...version.split('.'), '999', '999'].slice(0, 3).join('.');
}

function preferredFirst({ versions, default_version }: Runtime): string[] {
  const newestFirst = versions.map(({ version }) => version).sort((a, b) => compare(full(b), full(a)));
  return [default_version, ...newestFirst.filter((version) => version !== default_version)];
}

function full(version: string): string {
  return coerce(version)?.version ?? '0.0.0';
}

function unmetNote({ family, versions }: Runtime, candidates: string[], { place, text }: Wish): string {
  const all = versions.map(({ version }) => version).join(', ');
  const others = candidates.length < versions.length ? ' that the other wishes leave' : '';
  return `${place} asks for "${text.slice(0, 60)}", which is none of the ${family} versions ${all}${others}: ${candidates[0]} is used`;
}
