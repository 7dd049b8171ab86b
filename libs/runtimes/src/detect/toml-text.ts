/** A text without an end goes on to the end of its line, or of the document: no character is looked at twice. */
const TOKEN =
  /"""(?:\\[\s\S]|[^\\])*?(?:"""|\\?$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?|#[^\n]*|\r?\n|[ \t]+|[[\]{}=,.]|[^\s"'#[\]{}=,.]+|[\s\S]/g;
const OPENING = ['[', '{'];
const CLOSING = [']', '}'];

/**
 * The text of one key of a TOML document, such as `project.requires-python`; undefined where the key is missing or no text.
 * Reads tables and dotted keys; comments, arrays of tables and what stands inside other values are passed over. It is no
 * validator: what is broken is refused by the tool that installs.
 */
export function tomlText(document: string, wanted: string): string | undefined {
  // The table's name before its keys; undefined in tables without the key that is asked for.
  let prefix: string | undefined = '';
  for (const statement of statementsOf(document)) {
    if (statement[0] === '[') {
      // `[[name]]` begins one of several tables, of which none is the one that is asked for.
      const table = `${keyOf(statement.slice(1, statement.indexOf(']')))}.`;
      prefix = statement[1] !== '[' && wanted.startsWith(table) ? table : undefined;
      continue;
    }
    const equals = statement.indexOf('=');
    const [value, ...rest] = statement.slice(equals + 1);
    if (equals < 0 || prefix === undefined || value === undefined || rest.length > 0) continue;
    if (prefix + keyOf(statement.slice(0, equals)) === wanted) return textOfToken(value);
  }
  return undefined;
}

/** The tokens of each statement: a line, or several where brackets or a text go on. */
function statementsOf(document: string): string[][] {
  const statements: string[][] = [[]];
  let depth = 0;
  for (const token of document.match(TOKEN) ?? []) {
    if (OPENING.includes(token)) depth += 1;
    if (CLOSING.includes(token)) depth -= 1;
    if (token.endsWith('\n') && depth <= 0) statements.push([]);
    else if (!/^(#|\s+$)/.test(token)) statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

function keyOf(tokens: readonly string[]): string {
  const parts = tokens.filter((token) => token !== '.').map((token) => textOfToken(token) ?? token);
  return parts.join('.');
}

/** Escapes are left out: no version is written with one. */
function textOfToken(token: string): string | undefined {
  return /^("""|''')([\s\S]*)\1$/.exec(token)?.[2] ?? /^(["'])(.*)\1$/.exec(token)?.[2];
}
