import { tomlText } from './toml-text';

test.each([
  ['a comment', '[project]\n# requires-python = "==3.10.*"\n', undefined],
  ['another table', '[tool.x]\nrequires-python = "==3.10.*"\n', undefined],
  ['a text of several lines', '[project]\ndescription = """\nrequires-python = "==3.10.*"\n"""\n', undefined],
  ['a table inside a text', 'x = """\n[project]\n"""\nrequires-python = "==3.10.*"\n', undefined],
  ['one of several tables', '[[project]]\nrequires-python = "==3.10.*"\n', undefined],
  ['an array', '[project]\nkeywords = [\n  "requires-python",\n  "=",\n]\n', undefined],
  ['a value that is no text', '[project]\nrequires-python = 3.10\n', undefined],
  [
    'a key behind other values',
    '[project]\nx = [1, {a = "]"}]\nrequires-python = "==3.10.*" # why\n',
    '==3.10.*',
  ],
  ['quotes of the other kind', "[project]\n'requires-python' = '==3.10.*'\r\n", '==3.10.*'],
  ['a dotted key', 'project.requires-python = "==3.10.*"\n', '==3.10.*'],
  ['a spaced header', '[ project ]\nrequires-python="==3.10.*"', '==3.10.*'],
  ['a text without an end', 'x = "\n[project]\nrequires-python = "==3.10.*"', '==3.10.*'],
  ['a text without an end, of several lines', '[project]\nx = """\nrequires-python = "==3.10.*"', undefined],
  ['a table between', '[project.urls]\nx = "y"\n[project]\nrequires-python = """==3.10.*"""', '==3.10.*'],
])('in pyproject.toml, %s', (_, text, expected) => {
  expect(tomlText(text, 'project.requires-python')).toBe(expected);
});

test.each([
  ['quotes and brackets', '["\'{'.repeat(50_000)],
  ['texts without an end', 'x\\"""\n'.repeat(43_000)],
  ['texts without an end, of the other kind', "'''a''".repeat(50_000)],
  ['a line of escaped quotes', '"a\\'.repeat(87_000)],
  ['a long table of many keys', `[${'a.'.repeat(64_000)}a]\n${'a=1\n'.repeat(32_000)}`],
])('a TOML document of %s is read in one pass', (_, document) => {
  expect(tomlText(document, 'project.requires-python')).toBeUndefined();
});
