import { GitTrial } from '../../test/git/git-trial';
import type { RawEntry, TestRepository, Tree } from '../../test/git/test-repository';

const MIB = 1024 * 1024;

let trial: GitTrial;
let repository: TestRepository;
let url: string;

beforeAll(async () => {
  trial = await GitTrial.begin();
  url = trial.server.url('hostile');
  repository = trial.server.repository('hostile');
});
afterAll(() => trial.end());
afterEach(async () => expect(await trial.remains()).toEqual([]));

function symlink(target: string): RawEntry {
  return { mode: '120000', type: 'blob', id: repository.blob(target) };
}

/** A tree of whatever bytes: git's own tools would refuse to write some of them. */
function rawTree(...entries: [mode: string, name: string, id: string][]): string {
  const bytes = entries.flatMap(([mode, name, id]) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, 'hex'),
  ]);
  return repository.git(['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], Buffer.concat(bytes));
}

describe('a repository with hostile entries', () => {
  const file = (): string => repository.blob('evil');
  const folder = (): string => repository.tree({ evil: 'evil' });

  it.each<[string, () => string, string]>([
    ['a symlink', () => repository.tree({ link: symlink('/etc/passwd') }), 'is a symlink'],
    ['a symlink inside', () => repository.tree({ a: { link: symlink('..') } }), '"a/link" is a symlink'],
    ['a submodule', () => rawTree(['160000', 'module', '1'.repeat(40)]), '"module" is a submodule'],
    ['a parent folder', () => rawTree(['40000', '..', folder()]), '"../evil"'],
    ['a file called like the parent folder', () => rawTree(['100644', '..', file()]), '".."'],
    ['a "." folder', () => rawTree(['40000', '.', folder()]), '"./evil"'],
    ['a .git folder', () => rawTree(['40000', '.git', folder()]), 'in a .git folder'],
    ['a .GIT folder', () => rawTree(['40000', '.GIT', folder()]), 'in a .git folder'],
    ['a slash in a name', () => rawTree(['100644', '../../evil', file()]), '"../../evil"'],
    ['an absolute name', () => rawTree(['100644', '/etc/evil', file()]), 'absolute'],
    ['a backslash', () => repository.tree({ '..\\evil': 'x' }), 'backslash'],
    ['a line break', () => repository.tree({ 'a\nb': 'x' }), 'control character'],
    ['a decomposed name', () => repository.tree({ ['ä'.normalize('NFD')]: 'x' }), 'NFC'],
    ['names that differ in case', () => repository.tree({ Readme: 'x', README: 'y' }), 'in case alone'],
    ['the same name twice', () => rawTree(['100644', 'a', file()], ['100644', 'a', file()]), 'twice'],
    [
      'a file that is a folder too',
      () => rawTree(['100644', 'a', file()], ['40000', 'a', folder()]),
      'below',
    ],
    ['no files', () => repository.tree({}), 'no files'],
  ])('is refused for %s', async (_, tree, why) => {
    repository.commitTree(tree());
    const said = await trial.refusal({ url });
    expect(said).toMatch(/^source_invalid: /);
    expect(said).toContain(why);
  });
});

describe('a repository that is too large', () => {
  const small: Tree = { a: 'x'.repeat(900), b: 'y'.repeat(900), c: 'z'.repeat(900) };

  it.each<[string, () => string, object]>([
    ['files', () => repository.tree(small), { entries: 2 }],
    ['bytes in one file', () => repository.tree(small), { fileBytes: 899 }],
    ['bytes in all', () => repository.tree({ ...small, d: Buffer.alloc(MIB) }), { totalBytes: MIB }],
    ['zeros in one file', () => repository.tree({ zeros: Buffer.alloc(60 * MIB) }), {}],
    ['files in few trees', () => manyFiles(), {}],
  ])('is refused for too many %s', async (_, tree, limits) => {
    repository.commitTree(tree());
    expect(await trial.refusal({ url }, limits)).toMatch(/^source_too_large: /);
  });

  /** A million files in seven objects. */
  function manyFiles(): string {
    const ten = (mode: string, id: string): string =>
      rawTree(...Array.from({ length: 10 }, (_, n): [string, string, string] => [mode, `${n}`, id]));
    let tree = ten('100644', repository.blob('x'));
    for (let depth = 1; depth < 6; depth += 1) tree = ten('40000', tree);
    return tree;
  }
});

describe('what a repository sets up for those who work in it', () => {
  it('has no effect: all is read as it was committed', async () => {
    const files = {
      '.gitattributes': '*.txt filter=evil text eol=crlf ident export-ignore\n',
      '.gitmodules': '[submodule "a"]\n\tpath = a\n\turl = --upload-pack=evil\n',
      '.gitconfig': '[filter "evil"]\n\tsmudge = evil\n',
      '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1/\n',
      'large.txt': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      'text.txt': 'a\n$Id$\n',
    };
    const hook = '#!/bin/sh\nexit 1\n';
    repository.commit({ ...files, hooks: { 'post-checkout': hook } });
    expect(await trial.files({ url })).toEqual({ ...files, 'hooks/post-checkout': hook });
  });

  it('matters only where it is asked for: a harmless folder is read beside others that are refused', async () => {
    repository.commit({ good: { 'index.js': 'a' }, bad: { link: symlink('/etc/passwd') } });
    expect(await trial.files({ url, path: 'good' })).toEqual({ 'index.js': 'a' });
    expect(await trial.refusal({ url, path: 'bad/link' })).toMatch(/^source_missing: /);
  });
});
