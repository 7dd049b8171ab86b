import { SlipwayError, type FieldProblem } from '@slipway/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** A class whose decorators say what is valid. */
export type Shape<T extends object> = new () => T;

const MAX_DEPTH = 32;

function problemsOf(errors: readonly ValidationError[], parent: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
    return [...own, ...problemsOf(error.children ?? [], pointer)];
  });
}

const UNSTORABLE = 'must not contain NUL characters or halves of surrogate pairs';

/** Whether a text can be kept and given back as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Deep or prototype-polluting input never reaches the transformer (class-transformer CVE-2020-7637). */
function unsafeAt(value: unknown, pointer: string, depth: number): FieldProblem | undefined {
  if (typeof value === 'string' && !isStorable(value)) return { pointer, detail: UNSTORABLE };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return { pointer, detail: `must not be nested deeper than ${MAX_DEPTH} levels` };
  for (const name of Object.keys(value)) {
    if (!isStorable(name)) return { pointer, detail: `has a field whose name ${UNSTORABLE}` };
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
      return { pointer: `${pointer}/${name}`, detail: 'must not be the name of a field' };
    }
    const found = unsafeAt((value as Record<string, unknown>)[name], `${pointer}/${name}`, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function fail(problems: FieldProblem[]): never {
  const shown = problems.map((problem) => `${problem.pointer} ${problem.detail}`).join('; ');
  throw new SlipwayError('invalid_event', `${shown}.`, { problems });
}

/**
 * Turns untrusted JSON into an instance of the shape. Unknown fields are kept and ignored.
 * Fails with `invalid_event` that lists every wrong field with its JSON pointer below `root`.
 */
export function validated<T extends object>(shape: Shape<T>, input: unknown, root = '/data'): T {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || Buffer.isBuffer(input)) {
    fail([{ pointer: root, detail: 'must be a JSON object' }]);
  }
  const unsafe = unsafeAt(input, root, 0);
  if (unsafe) fail([unsafe]);
  const instance = plainToInstance(shape, input);
  const errors = validateSync(instance, { validationError: { target: false, value: false } });
  if (errors.length > 0) fail(problemsOf(errors, root));
  return instance;
}
