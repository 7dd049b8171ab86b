/** Reads a value of unknown shape, or throws a sentence that names the place (`versions[2].end_of_life`). */
export type Reader<T> = (value: unknown, place: string) => T;

type Shape<S> = { [K in keyof S]: S[K] extends Reader<infer T> ? T : never };

function wrong(place: string, expected: string): Error {
  return new Error(`${place}: expected ${expected}`);
}

export const text: Reader<string> = (value, place) => {
  if (typeof value !== 'string') throw wrong(place, 'a text');
  return value;
};

export function matching(pattern: RegExp, expected: string): Reader<string> {
  return (value, place) => {
    if (!pattern.test(text(value, place))) throw wrong(place, expected);
    return value as string;
  };
}

/** The source of a regular expression, compiled with `m`: `^` and `$` stand for the ends of a line. */
export const pattern: Reader<RegExp> = (value, place) => {
  try {
    return new RegExp(text(value, place), 'm');
  } catch (error) {
    throw wrong(place, `a regular expression (${String(error)})`);
  }
};

export function oneOf<T extends string>(...names: T[]): Reader<T> {
  return (value, place) => {
    const found = names.find((name) => name === value);
    if (found === undefined) throw wrong(place, `one of ${names.join(', ')}`);
    return found;
  };
}

export function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(place, 'a list');
    return value.map((each, index) => item(each, `${place}[${index}]`));
  };
}

export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, place) => (value === undefined ? undefined : reader(value, place));
}

/** An object with these fields and no others: a misspelt field must not be ignored. */
export function object<S extends Record<string, Reader<unknown>>>(fields: S): Reader<Shape<S>> {
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object');
    const at = (name: string): string => (place === '' ? name : `${place}.${name}`);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) throw new Error(`${at(unknown)}: no such field`);
    const read = Object.entries(fields).map(([name, reader]) => {
      return [name, reader((value as Record<string, unknown>)[name], at(name))];
    });
    return Object.fromEntries(read) as Shape<S>;
  };
}
