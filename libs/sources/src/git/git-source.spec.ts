import { folderOf, isCommitId, refOf } from './git-source';

const URL = 'https://git.example/acme/hello';

describe('the reference of a source', () => {
  it('is the default branch where none is given', () => expect(refOf({ url: URL })).toBe('HEAD'));

  it.each(['main', 'v1.2.0', 'feature/ä', 'refs/tags/v1', 'a@b', 'dependabot/npm/x-1.0', 'deadbeef'])(
    'may be %s',
    (ref) => expect(refOf({ url: URL, ref })).toBe(ref),
  );

  it.each([
    '-x',
    '.x',
    'x.',
    'x/',
    '/x',
    'a//b',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a b',
    'a\nb',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    '@',
    'a@{1}',
    'a..b',
    '',
  ])('may not be %j', (ref) => {
    expect(() => refOf({ url: URL, ref })).toThrow(expect.objectContaining({ code: 'source_invalid' }));
  });

  it.each([
    ['0123456', true],
    ['0123456789abcdef0123456789abcdef01234567', true],
    ['012345', false],
    ['0123456789abcdef0123456789abcdef012345678', false],
    ['ABCDEF0', false],
    ['main', false],
  ])('%s is a commit id: %s', (ref, expected) => expect(isCommitId(ref)).toBe(expected));
});

describe('the folder of a source', () => {
  it.each([
    [undefined, undefined],
    ['functions/hello', 'functions/hello'],
    ['functions/hello/', 'functions/hello'],
    ['--help', '--help'],
    [':(top)x', ':(top)x'],
  ])('%j is %j', (path, expected) => expect(folderOf({ url: URL, path })).toBe(expected));

  it.each(['..', '/etc', 'a/../b', '.git/hooks', ''])('%j is refused by the name of its field', (path) => {
    expect(() => folderOf({ url: URL, path })).toThrow(/^source\.path is refused\. The entry/);
  });
});
