import { validRange } from 'semver';
import type { Runtime } from '../data/load-runtimes';
import type { VersionHint } from '../data/runtime-definition';

/** Turns what a file says into a range as npm writes it; undefined where it is not understood. */
export type WishFormat = (wish: string, runtime: Runtime) => string | undefined;

export const WISH_FORMATS: Readonly<Record<VersionHint['as'], WishFormat>> = {
  /** A range of npm: `^22.18 || 24`. */
  semver: (wish) => validRange(wish) ?? undefined,
  /** The oldest version that will do: `1.22.3`. */
  minimum: (wish) => validRange(`>=${wish}`) ?? undefined,
  nvm: nvmRange,
  python: pythonRange,
  pyenv: pyenvRange,
};

/** What nvm and its like understand: `v22.4.1`, `22`, `lts/*`, `lts/jod`, `node`. */
function nvmRange(wish: string, { versions }: Runtime): string | undefined {
  const supported = versions.filter(({ code_name }) => code_name !== undefined);
  if (/^(node|stable|latest|current)$/i.test(wish)) return '*';
  if (/^(lts\/\*|lts)$/i.test(wish)) return supported.map(({ version }) => version).join(' || ') || undefined;
  const [, codeName] = /^lts\/([a-z]+)$/i.exec(wish) ?? [];
  if (codeName) return supported.find(({ code_name }) => code_name === codeName.toLowerCase())?.version;
  return /^v?\d+(\.\d+){0,2}$/i.test(wish) ? wish.replace(/^v/i, '') : undefined;
}

/** pyenv and uv: `3.12`, `3.12.4`, `python3.12`, `cpython@3.12`; not `pypy3.10`, `system`. */
function pyenvRange(wish: string): string | undefined {
  return /^(?:cpython[-@]?|python)?(\d+(?:\.\d+){0,2})$/.exec(wish)?.[1] ?? pythonRange(wish);
}

/**
 * A version specifier of Python (https://packaging.python.org/en/latest/specifications/version-specifiers/), and what Poetry
 * adds to it: `^3.11`, `~3.11`, `*`, and `||` between alternatives.
 */
function pythonRange(wish: string): string | undefined {
  const alternatives = wish.split('||').map((each) => {
    const clauses = each.split(',').map((clause) => clauseRange(clause.trim()));
    return clauses.every((clause) => clause !== undefined) ? intersection(clauses) : undefined;
  });
  if (!alternatives.every((each) => each !== undefined)) return undefined;
  return validRange(alternatives.join(' || ')) ?? undefined;
}

function clauseRange(clause: string): string[] | undefined {
  const found =
    /^(===?|~=|!=|<=?|>=?|\^|~)?\s*(\d+(?:\.\d+){0,2}|\*)(\.\*)?(?:\.?(?:a|b|rc|dev|post)\d+)?$/.exec(clause);
  if (!found) return undefined;
  const [, operator = '==', version = '', wildcard] = found;
  if (version === '*') return ['*'];
  switch (operator) {
    case '~=':
      // `~=3.11` allows all of 3.x from there on, `~=3.11.2` only 3.11.x.
      return version.split('.').length < 3 ? [`^${version}`] : [`~${version}`];
    case '!=':
      return wildcard ? [`<${full(version)}`, `>=${next(version)}`] : ['*'];
    case '==':
    case '===':
      // Written without its patch version it is meant without one.
      return [version];
    case '>':
      return wildcard ? [`>=${next(version)}`] : [`>${full(version)}`];
    case '<=':
      return [`<=${full(version)}`];
    default:
      return [`${operator}${version}`];
  }
}

/** Every combination of the clauses' alternatives: npm's ranges know "or" only at the top. */
function intersection(clauses: readonly string[][]): string {
  const combined = clauses.reduce((sets, alternatives) =>
    sets.flatMap((set) => alternatives.map((each) => `${set} ${each}`)),
  );
  return combined.join(' || ');
}

function full(version: string): string {
  return [...version.split('.'), '0', '0'].slice(0, 3).join('.');
}

/** The first version behind `3.11.*`. */
function next(version: string): string {
  const parts = version.split('.').map(Number);
  return full([...parts.slice(0, -1), (parts.at(-1) ?? 0) + 1].join('.'));
}
