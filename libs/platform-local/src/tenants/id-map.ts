import { readFileSync } from 'node:fs';

export interface IdRange {
  first: number;
  count: number;
}

/** Whether this process is root and may hand out the whole range: in a container it often owns fewer ids than it sees. */
export function mayUse(range: IdRange): boolean {
  if (process.getuid?.() !== 0) return false;
  return covers('/proc/self/uid_map', range);
}

export function covers(mapFile: string, range: IdRange): boolean {
  return readFileSync(mapFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(
      ([inside = 0, , length = 0]) => inside <= range.first && range.first + range.count <= inside + length,
    );
}
