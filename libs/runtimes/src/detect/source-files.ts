import type { ContextEntry } from '@slipway/domain';

/** Text of a file of the source, or undefined where there is none. At most `limit` bytes: hints stand at the beginning. */
export function textOf(
  entries: readonly ContextEntry[],
  path: string,
  limit = 256 * 1024,
): string | undefined {
  return entries
    .find((entry) => entry.path === path)
    ?.content.subarray(0, limit)
    .toString('utf8');
}

/** A text inside a JSON file, such as `scripts.start`; undefined where the file or the field is missing or no text. */
export function jsonText(entries: readonly ContextEntry[], path: string, field: string): string | undefined {
  const value = jsonValue(entries, path, field);
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an object inside a JSON file, such as `dependencies`; none where the file or the field is missing. */
export function jsonTexts(entries: readonly ContextEntry[], path: string, field: string): string[] {
  const value = jsonValue(entries, path, field);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((each) => typeof each === 'string');
}

function jsonValue(entries: readonly ContextEntry[], path: string, field: string): unknown {
  const source = textOf(entries, path, 4 * 1024 * 1024);
  if (source === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    // The package manager will refuse the file, and say where it is wrong.
    return undefined;
  }
  for (const name of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** Paths without a folder, in byte order. */
export function rootFiles(entries: readonly ContextEntry[]): string[] {
  return entries
    .map(({ path }) => path)
    .filter((path) => !path.includes('/'))
    .sort();
}

export function hasExtension(path: string, extensions: readonly string[]): boolean {
  return extensions.some((extension) => path.endsWith(extension));
}
