import { SlipwayError } from '@slipway/domain';
import { globMatcher, type Spend } from './glob';

interface Rule {
  /** One per folder of the path; `**` stands for any number of folders. */
  parts: ('**' | ((name: string) => boolean))[];
  /** `!pattern` takes back what patterns before it left out. */
  includes: boolean;
}

const MAX_PATTERNS = 200;
const MAX_PATTERN_LENGTH = 1024;
const MAX_PARTS = 64;
/** For all paths of a source together, less than a second; 200 usual patterns and 10,000 paths take half of them. */
const MAX_STEPS = 60_000_000;

/**
 * Reads a `.dockerignore` (https://docs.docker.com/build/concepts/context/#dockerignore-files) and tells whether a path is
 * left out: the last pattern that fits the path or a folder above it decides. Fails with `source_invalid` where there are
 * more or longer patterns than anybody writes, and while paths are told apart where that takes too many steps.
 */
export function ignorePatterns(text: string): (path: string) => boolean {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const spend = limitedSteps();
  const rules = lines.map((line) => ruleOf(line, spend)).filter((rule) => rule !== undefined);
  if (rules.length > MAX_PATTERNS) {
    throw new SlipwayError('source_invalid', `.dockerignore has more than ${MAX_PATTERNS} patterns.`);
  }
  return (path) => {
    const names = path.split('/');
    const last = rules.findLast(({ parts }) => fits(parts, names, spend));
    return last !== undefined && !last.includes;
  };
}

function limitedSteps(): Spend {
  let left = MAX_STEPS;
  return (steps) => {
    left -= steps;
    if (left >= 0) return;
    const sentence =
      '.dockerignore takes too long for the files of this source: write fewer or simpler patterns.';
    throw new SlipwayError('source_invalid', sentence);
  };
}

function ruleOf(line: string, spend: Spend): Rule | undefined {
  if (line.startsWith('#')) return undefined;
  const trimmed = line.trim();
  const includes = trimmed.startsWith('!');
  const names = (includes ? trimmed.slice(1).trim() : trimmed)
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  if (names.length === 0) return undefined;
  if (trimmed.length > MAX_PATTERN_LENGTH || names.length > MAX_PARTS) {
    const sentence = `.dockerignore has a pattern of more than ${MAX_PATTERN_LENGTH} characters or ${MAX_PARTS} folders: ${JSON.stringify(trimmed.slice(0, 60))}.`;
    throw new SlipwayError('source_invalid', sentence);
  }
  return { parts: names.map((name) => (name === '**' ? name : globMatcher(name, spend))), includes };
}

/** Whether the parts fit the path or a folder above it, in at most names × parts steps. */
function fits(parts: Rule['parts'], names: readonly string[], spend: Spend): boolean {
  let [part, name, star, resume] = [0, 0, -1, 0];
  while (part < parts.length) {
    spend(1);
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
