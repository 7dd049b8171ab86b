import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

/** `[file] “title”`, or a file alone, as a benchmark is named. */
const REFERENCE = /\[([^\]]+)\](?: “([^”]+)”)?/g;
const DEFINITION = /^\[([^\]]+)\]: (\S+)$/gm;

/** How many lines the lists of the two documents have, by the letter of their places; only a list in groups numbers them. */
const LINES: Record<string, number[]> = {
  '': [5, 6, 6, 5, 5],
  T: [3, 3, 3],
  P: [5],
  M: [4],
  A: [3],
  C: [8],
  S: [8, 8, 7, 7, 7, 7, 6],
  G: [6],
};

interface Row {
  asked: string;
  shown: string;
}

function rowsOf(page: string): Row[] {
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return cells
    .map(([, asked = '', shown = '']) => ({ asked, shown }))
    .filter(({ asked }) => asked !== 'asked for' && !/^-+$/.test(asked));
}

function placeOf(list: string, group: number, line: number): string {
  return LINES[list]!.length > 1 ? `${list}${group + 1}.${line + 1}` : `${list}${line + 1}`;
}

/** The places that a row begins with, before its words. */
function placesIn(asked: string): string[] {
  return (
    /^([A-Z]?\d[\d.]*(?:, [A-Z]?\d[\d.]*)*) \S/.exec(asked)?.[1]?.split(', ') ?? [
      `not a place and words: ${asked}`,
    ]
  );
}

/** What a page names and is not there. A title counts where it is a string of the file, so that tables of cases do too. */
function missingIn(page: string): string[] {
  const files = new Map([...page.matchAll(DEFINITION)].map(([, label, path]) => [label, join(DOCS, path!)]));
  const references = rowsOf(page).flatMap(({ shown }) => [...shown.matchAll(REFERENCE)]);
  return references
    .filter(([, label, title]) => {
      const file = files.get(label);
      if (file === undefined || !existsSync(file)) return true;
      const text = readFileSync(file, 'utf8');
      return title !== undefined && !["'", '"', '`'].some((quote) => text.includes(quote + title + quote));
    })
    .map(([reference]) => reference);
}

describe('docs/acceptance-build-contexts.md', () => {
  const page = readFileSync(join(DOCS, 'acceptance-build-contexts.md'), 'utf8');
  const rows = rowsOf(page);

  it('names tests that there are', () => expect(missingIn(page)).toEqual([]));

  it('has something that shows it for every line', () => {
    const unshown = rows.filter(({ shown }) => !/\[[^\]]+\]/.test(shown));
    expect(unshown).toEqual([]);
  });

  it('has a row for each line of both documents', () => {
    const lines = Object.entries(LINES).flatMap(([list, counts]) =>
      counts.flatMap((count, group) =>
        Array.from({ length: count }, (_, line) => placeOf(list, group, line)),
      ),
    );
    expect(rows.flatMap(({ asked }) => placesIn(asked)).sort()).toEqual(lines.sort());
  });

  it.each([
    ['a file', '[gone]: ./gone.spec.ts', '[gone] “a title”'],
    [
      'a title',
      '[here]: ../tools/acceptance/acceptance.spec.ts',
      '[here] “is not ' + 'the title of anything”',
    ],
    ['a definition', '', '[nowhere] “a title”'],
  ])('would be found wrong where %s is gone', (_, definition, reference) => {
    expect(missingIn(`| asked | ${reference} |\n\n${definition}\n`)).toEqual([reference]);
  });
});
