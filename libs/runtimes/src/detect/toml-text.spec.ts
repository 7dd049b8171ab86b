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
  ['a table between', '[project.urls]\nx = "y"\n[project]\nrequires-python = """==3.10.*"""', '==3.10.*'],
])('in pyproject.toml, %s', (_, text, expected) => {
  expect(tomlText(text, 'project.requires-python')).toBe(expected);
});

test('a TOML document of nothing but quotes and brackets is read in one pass', () => {
  expect(tomlText('["\'{'.repeat(50_000), 'project.requires-python')).toBeUndefined();
});
