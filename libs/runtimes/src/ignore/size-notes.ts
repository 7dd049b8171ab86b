import type { ContextEntry } from '@slipway/domain';
import type { Runtime } from '../data/load-runtimes';
import type { KeptSource } from './left-out';

const MEBIBYTE = 1024 * 1024;

/** Remarks on large folders that a source does not need, each with its size and what to do. */
export function sizeNotes({ size_hints: hints }: Runtime, { kept, leftOut }: KeptSource): string[] {
  return hints.flatMap(({ folder, advice }) => [
    ...note(folder, kept, `becomes part of the image: ${advice}, or name it in .dockerignore`),
    ...note(folder, leftOut, `is fetched and then left out: ${advice}`),
  ]);
}

function note(folder: string, entries: readonly ContextEntry[], what: string): string[] {
  const inside = entries.filter(({ path }) => path.split('/').slice(0, -1).includes(folder));
  const bytes = inside.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes < MEBIBYTE) return [];
  return [`${folder} (${(bytes / MEBIBYTE).toFixed(1)} MiB in ${inside.length} files) ${what}`];
}
