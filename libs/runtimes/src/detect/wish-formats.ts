import { validRange } from 'semver';
import type { Runtime } from '../data/load-runtimes';
import type { VersionHint } from '../data/runtime-definition';

/**
 * Alternatives, each a list of ranges as npm writes them, which all have to be met. They are not multiplied out into one
 * range: 30 times `!=` would make a thousand million of them.
 */
export type WishedRanges = string[][];

type WishFormat = (wish: string, runtime: Runtime) => WishedRanges | undefined;

const FORMATS: Readonly<Record<VersionHint['as'], WishFormat>> = {
  /** A range of npm: `^22.18 || 24`. */
  semver: (wish) => [[wish]],
  /** The oldest version that will do: `1.22.3`. */
  minimum: (wish) => [[`>=${wish}`]],
  nvm: nvmRanges,
  python: pythonRanges,
  pyenv: pyenvRanges,
};

/** What a wish in a file stands for; undefined where it is not understood. */
export function wishedRanges(
  as: VersionHint['as'],
  wish: string,
  runtime: Runtime,
): WishedRanges | undefined {
  const alternatives = FORMATS[as](wish, runtime);
  return alternatives?.flat().every((range) => validRange(range) !== null) ? alternatives : undefined;
}

/** What nvm and its like understand: `v22.4.1`, `22`, `lts/*`, `lts/jod`, `node`. */
function nvmRanges(wish: string, { versions }: Runtime): WishedRanges | undefined {
  const supported = versions.filter(({ code_name }) => code_name !== undefined);
  if (/^(node|stable|latest|current)$/i.test(wish)) return [['*']];
  if (/^(lts\/\*|lts)$/i.test(wish)) return supported.map(({ version }) => [version]);
  const [, codeName] = /^lts\/([a-z]+)$/i.exec(wish) ?? [];
  if (codeName) {
    const named = supported.filter(({ code_name }) => code_name === codeName.toLowerCase());
    return named.map(({ version }) => [version]);
  }
  return /^v?\d+(\.\d+){0,2}$/i.test(wish) ? [[wish.replace(/^v/i, '')]] : undefined;
}

/** pyenv and uv: `3.12`, `3.12.4`, `python3.12`, `cpython@3.12`; not `pypy3.10`, `system`. */
function pyenvRanges(wish: string): WishedRanges | undefined {
  const [, version] = /^(?:cpython[-@]?|python)?(\d+(?:\.\d+){0,2})$/.exec(wish) ?? [];
  return version === undefined ? pythonRanges(wish) : [[version]];
}

/**
 * A version specifier of Python (https://packaging.python.org/en/latest/specifications/version-specifiers/), and what Poetry
 * adds to it: `^3.11`, `~3.11`, `*`, and `||` between alternatives.
 */
function pythonRanges(wish: string): WishedRanges | undefined {
  const alternatives = wish.split('||').map((each) => clausesRanges(each.split(',')));
  return alternatives.every((each) => each !== undefined) ? alternatives : undefined;
}

/** Clauses without a choice are one range, so that what no version meets is seen: `>3.12.4,<3.12.2`. */
function clausesRanges(clauses: readonly string[]): string[] | undefined {
  const ranges = clauses.map((clause) => clauseRange(clause.trim()));
  if (!ranges.every((range) => range !== undefined)) return undefined;
  const plain = ranges.filter((range) => !range.includes('||'));
  return [plain.join(' '), ...ranges.filter((range) => range.includes('||'))];
}

function clauseRange(clause: string): string | undefined {
  const found =
    /^(===?|~=|!=|<=?|>=?|\^|~)?\s*(\d+(?:\.\d+){0,2}|\*)(\.\*)?(?:\.?(?:a|b|rc|dev|post)\d+)?$/.exec(clause);
  if (!found) return undefined;
  const [, operator = '==', version = '', wildcard] = found;
  if (version === '*') return '*';
  switch (operator) {
    case '~=':
      // `~=3.11` allows all of 3.x from there on, `~=3.11.2` only 3.11.x.
      return version.split('.').length < 3 ? `^${version}` : `~${version}`;
    case '!=':
      return wildcard ? `<${full(version)} || >=${next(version)}` : '*';
    case '==':
    case '===':
      // Written without its patch version it is meant without one.
      return version;
    case '>':
      return wildcard ? `>=${next(version)}` : `>${full(version)}`;
    case '<=':
      return `<=${full(version)}`;
    default:
      return `${operator}${version}`;
  }
}

function full(version: string): string {
  return [...version.split('.'), '0', '0'].slice(0, 3).join('.');
}

/** The first version behind `3.11.*`. */
function next(version: string): string {
  const parts = version.split('.').map(Number);
  return full([...parts.slice(0, -1), (parts.at(-1) ?? 0) + 1].join('.'));
}
