/** Limits of S3 ("Categorizing your objects using tags"); lengths in UTF-16 units, as S3 counts them. */
const MAX_TAGS = 10;
const MAX_NAME = 128;
const MAX_VALUE = 256;
const ALLOWED = /^[\p{L}\p{N}\p{Zs}_.:/=+@-]*$/u;
const RESERVED = /^aws:/i;

/**
 * Object tags as a setting names them: `name=value` pairs separated by commas, such as `team=build,cost=42`. Only a value may
 * hold further `=`. Throws an Error that says what has to be otherwise where S3 would refuse them.
 */
export function parseObjectTags(text: string): Record<string, string> {
  const pairs = text.split(',').map(pairOf);
  if (pairs.length > MAX_TAGS)
    throw new Error(`must hold at most ${MAX_TAGS} tags, and holds ${pairs.length}`);
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`must name the tag "${twice}" once`);
  return Object.fromEntries(pairs);
}

function pairOf(text: string): [name: string, value: string] {
  const end = text.indexOf('=');
  if (end < 1) throw new Error(`must be name=value pairs separated by commas, which "${text}" is not`);
  const [name, value] = [text.slice(0, end), text.slice(end + 1)];
  assertPart(name, MAX_NAME, `the name "${name}"`);
  assertPart(value, MAX_VALUE, `the value of "${name}"`);
  if (RESERVED.test(name)) throw new Error(`must not name "${name}": S3 keeps aws: for itself`);
  return [name, value];
}

function assertPart(part: string, max: number, what: string): void {
  if (part.length > max)
    throw new Error(`must have at most ${max} characters in ${what}, and has ${part.length}`);
  if (!ALLOWED.test(part))
    throw new Error(`must have only letters, digits, spaces and + - = . _ : / @ in ${what}`);
  if (part !== part.trim()) throw new Error(`must have no space at the beginning or end of ${what}`);
}
