import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeHash } from './tree-hash.ts';

describe('the hash of the sources', () => {
  let root: string;
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-tree-'));
    mkdirSync(join(root, 'apps', 'node_modules'), { recursive: true });
    write('apps/a.ts', 'one');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['the text of a file', 'apps/a.ts', true],
    ['a new file', 'apps/b.ts', true],
    ['a file outside', 'README.md', false],
    ['a test', 'apps/a.spec.ts', false],
    ['a dependency', 'apps/node_modules/x.js', false],
  ])('answers to a change of %s as it should', (_name, path, changes) => {
    const before = treeHash(root, ['apps', 'missing']);
    write(path, 'two');
    expect(treeHash(root, ['apps', 'missing']) !== before).toBe(changes);
  });
});
