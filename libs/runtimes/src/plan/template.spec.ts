import { render } from './template';

test('placeholders are filled, and a line with an empty one is left out', () => {
  expect(render('A {{a}}\nB {{b}}\nC', { a: '1', b: '' })).toBe('A 1\nC');
});

test('a shell variable may stand around a placeholder', () => {
  expect(render('FROM ${{{name}}}', { name: 'BASE' })).toBe('FROM ${BASE}');
});

test.each([
  ['an unknown name', {}],
  ['a value of two lines', { a: 'x\nRUN y' }],
])('%s is refused', (_, values) => {
  expect(() => render('A {{a}}', values as Record<string, string>)).toThrow();
});
