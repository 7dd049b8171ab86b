import { render } from './template';

test('placeholders are filled, and a line with an empty one is left out', () => {
  expect(render('A {{a}}\nB {{b}}\nC', { a: '1', b: '' })).toBe('A 1\nC');
});

test('a line with a list is repeated for each of its values, and left out where it is empty', () => {
  expect(render('COPY {{folders}}/ ./{{folders}}/\nB', { folders: ['a', 'b'] })).toBe(
    'COPY a/ ./a/\nCOPY b/ ./b/\nB',
  );
  expect(render('COPY {{folders}}\nB', { folders: [] })).toBe('B');
});

test('a shell variable may stand around a placeholder', () => {
  expect(render('FROM ${{{name}}}', { name: 'BASE' })).toBe('FROM ${BASE}');
});

test.each([
  ['an unknown name', {}],
  ['a value of two lines', { a: 'x\nRUN y' }],
  ['a list with one of two lines', { a: ['x', 'y\nRUN z'] }],
])('%s is refused', (_, values) => {
  expect(() => render('A {{a}}', values as Record<string, string>)).toThrow();
});
