import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tailLines, tellingLine } from './log-file.ts';

describe('the telling line of a log', () => {
  it.each([
    [
      'the last error of a JSON log',
      [
        '{"level":50,"msg":"first"}',
        '{"level":60,"msg":"no port","err":{"message":"EACCES"}}',
        '{"level":30,"msg":"bye"}',
      ],
      'no port: EACCES',
    ],
    ['an error level by name', ['{"level":"error","msg":"bad"}', '{"level":"info","msg":"bye"}'], 'bad'],
    [
      'the FATAL line of a server',
      ['LOG: starting', 'FATAL: data directory has wrong ownership', 'LOG: down'],
      'FATAL: data directory has wrong ownership',
    ],
    ['the last line where none is an error', ['one', 'two'], 'two'],
    ['a sentence where there is nothing', [], 'it wrote nothing'],
  ])('is %s', (_name, lines, expected) => {
    expect(tellingLine(lines)).toBe(expected);
  });

  it('is looked for behind the offset only, so that an old failure is not told again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-log-'));
    const path = join(folder, 'a.log');
    writeFileSync(path, 'error: old\nnew\n');
    expect(tailLines(path, 'error: old\n'.length)).toEqual(['new']);
    expect(tailLines(join(folder, 'missing.log'))).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
