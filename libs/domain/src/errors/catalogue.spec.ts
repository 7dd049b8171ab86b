import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CATALOGUE } from './catalogue';

const DOCUMENT = readFileSync(join(__dirname, '../../../../docs/errors.md'), 'utf8');

/** The rows of the document's table: code, status, retryable, title, hint. */
function documented(): string[][] {
  return DOCUMENT.split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/errors.md', () => {
  it('has one row per code, with the words of the catalogue', () => {
    const expected = Object.entries(ERROR_CATALOGUE).map(([code, entry]) => [
      `\`${code}\``,
      String(entry.status),
      entry.retryable ? 'yes' : 'no',
      entry.title,
      entry.hint,
    ]);
    expect(documented().sort()).toEqual(expected.sort());
  });
});
