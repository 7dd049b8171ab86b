import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../bootstrap/context.ts';
import { runProgram } from '../../bootstrap/run-program.ts';
import { previousCommit, requireCommit } from './previous.ts';

const UNKNOWN = '0123456789abcdef0123456789abcdef01234567';

describe('the commit to upgrade from', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'previous-'));
    mkdirSync(join(root, 'tools', 'chaos'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function name(text: string): void {
    writeFileSync(join(root, 'tools', 'chaos', 'previous'), text);
  }

  it('is what tools/chaos/previous names', () => {
    name(`${UNKNOWN}\n`);
    expect(previousCommit(root)).toBe(UNKNOWN);
  });

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['names a branch', 'main'],
    ['holds an option of git', '--output=x'],
  ])('is refused where the file %s', (_what, text) => {
    if (text !== undefined) name(text);
    expect(() => previousCommit(root)).toThrow(/does not name the commit to upgrade from/);
  });

  it('is refused, with the way out, where the clone does not hold it', async () => {
    const context = { root, env: process.env, signal: new AbortController().signal } as Context;
    expect(await runProgram('git', ['init', '--quiet'], { cwd: root })).toMatchObject({ code: 0 });
    await expect(requireCommit(context, UNKNOWN)).rejects.toThrow(/git fetch --unshallow/);
  });
});
