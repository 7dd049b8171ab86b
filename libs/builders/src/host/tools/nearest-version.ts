import { coerce, compare } from 'semver';

/** Orders versions by how well they stand in for the wanted one: the same, then the next newer ones, then the next older. */
export function byNearness(wanted: string): (a: string, b: string) => number {
  const distance = (version: string): number => {
    const short = version.split('.').slice(0, wanted.split('.').length).join('.');
    if (short === wanted) return 0;
    return compare(full(short), full(wanted)) > 0 ? 1 : 2;
  };
  return (a, b) => {
    const first = distance(a);
    const second = distance(b);
    if (first !== second) return first - second;
    // Of newer ones the oldest, of the others the newest.
    return first === 1 ? compare(full(a), full(b)) : compare(full(b), full(a));
  };
}

function full(version: string): string {
  return coerce(version)?.version ?? '0.0.0';
}

/** The remark for the history where another version had to do. */
export function versionNote(wanted: string, used: string): string[] {
  const same = used === wanted || used.startsWith(`${wanted}.`);
  return same ? [] : [`asked for ${wanted}, used ${used}`];
}
