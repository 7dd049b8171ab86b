/** One character of a name: a literal, a class such as `[a-z]`, any one (`?`), or any number of them (`*`). */
type Piece = 'one' | 'many' | ((character: string) => boolean);

/** Is told how many steps are about to be taken, and throws where they are too many. */
export type Spend = (steps: number) => void;

/** Whether a name fits a pattern of Go's `path.Match`: `*`, `?`, `[a-z]`, `[^a]` and `\` before what is meant literally. */
export function globMatcher(pattern: string, spend: Spend): (name: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (name) => name === pattern;
  const pieces = piecesOf(pattern, spend);
  return (name) => matches(pieces, name, spend);
}

/** In at most name × pattern steps: patterns come from users, and a regular expression could be made to take for ever. */
function matches(pieces: readonly Piece[], name: string, spend: Spend): boolean {
  let [at, piece, star, resume] = [0, 0, -1, 0];
  while (at < name.length) {
    spend(1);
    const wanted = pieces[piece];
    if (wanted === 'many') {
      star = piece;
      resume = at;
      piece += 1;
    } else if (wanted === 'one' || (typeof wanted === 'function' && wanted(name.charAt(at)))) {
      at += 1;
      piece += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      piece = star + 1;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every((each) => each === 'many');
}

function piecesOf(pattern: string, spend: Spend): Piece[] {
  const tokens = pattern.match(/\\[\s\S]|\[\^?(?:\\[\s\S]|[^\\\]])+\]|[\s\S]/g) ?? [];
  return tokens.map((token) => {
    if (token === '*') return 'many';
    if (token === '?') return 'one';
    if (token.length > 2 && token.startsWith('[')) return classOf(token.slice(1, -1), spend);
    const literal = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
    return (character) => character === literal;
  });
}

function classOf(inside: string, spend: Spend): (character: string) => boolean {
  const negated = inside.startsWith('^');
  const ranges = (negated ? inside.slice(1) : inside).matchAll(/(\\?[\s\S])(?:-(\\?[\s\S]))?/g);
  const limits = [...ranges].map(([, from = '', to = from]) => [from.slice(-1), to.slice(-1)] as const);
  return (character) => {
    spend(limits.length);
    return limits.some(([from, to]) => character >= from && character <= to) !== negated;
  };
}
