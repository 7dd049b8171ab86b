import { tellingLine } from './telling-line';

describe('tellingLine', () => {
  it.each([
    [
      [
        'starting',
        "Error: Cannot find module 'x'",
        '    at Module._load (node:internal)',
        '',
        'Node.js v24.21.0',
      ],
      "Error: Cannot find module 'x'",
    ],
    [
      [
        'Traceback (most recent call last):',
        '  File "/a/b.py", line 1',
        "NameError: name 'x' is not defined",
      ],
      "NameError: name 'x' is not defined",
    ],
    [['panic: boom', '', 'goroutine 1 [running]:'], 'panic: boom'],
    [['one', 'two'], 'two'],
    [[], undefined],
  ])('finds the line that says most in %j', (lines, expected) => {
    expect(tellingLine(lines)).toBe(expected);
  });
});
