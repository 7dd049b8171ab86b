import { SlipwayError } from '@slipway/domain';
import { globMatcher } from './glob';

interface Rule {
  /** One per folder of the path; `**` stands for any number of folders. */
  parts: ('**' | ((name: string) => boolean))[];
  /** `!pattern` takes back what patterns before it left out. */
  includes: boolean;
}

const MAX_PATTERNS = 200;

/**
 * Reads a `.dockerignore` (https://docs.docker.com/build/concepts/context/#dockerignore-files) and tells whether a path is
 * left out: the last pattern that fits the path or a folder above it decides. Fails with `source_invalid` where there are
 * more patterns than anybody writes.
 */
export function ignorePatterns(text: string): (path: string) => boolean {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const rules = lines.map(ruleOf).filter((rule) => rule !== undefined);
  if (rules.length > MAX_PATTERNS) {
    throw new SlipwayError('source_invalid', `.dockerignore has more than ${MAX_PATTERNS} patterns.`);
  }
  return (path) => {
    const names = path.split('/');
    const last = rules.findLast(({ parts }) => fits(parts, names));
    return last !== undefined && !last.includes;
  };
}

function ruleOf(line: string): Rule | undefined {
  if (line.startsWith('#')) return undefined;
  const trimmed = line.trim();
  const includes = trimmed.startsWith('!');
  const names = (includes ? trimmed.slice(1).trim() : trimmed)
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  if (names.length === 0) return undefined;
  return { parts: names.map((name) => (name === '**' ? name : globMatcher(name))), includes };
}

/** Whether the parts fit the path or a folder above it, in at most names × parts steps. */
function fits(parts: Rule['parts'], names: readonly string[]): boolean {
  let [part, name, star, resume] = [0, 0, -1, 0];
  while (part < parts.length) {
    const wanted = parts[part];
    if (wanted === '**') {
      star = part;
      resume = name;
      part += 1;
    } else if (name < names.length && wanted?.(names[name] ?? '')) {
      part += 1;
      name += 1;
    } else if (star >= 0 && resume < names.length) {
      resume += 1;
      name = resume;
      part = star + 1;
    } else {
      return false;
    }
  }
  // `a/**` is what lies in a, and not a itself; otherwise what is left of the path does not matter.
  return parts.at(-1) !== '**' || name < names.length;
}
