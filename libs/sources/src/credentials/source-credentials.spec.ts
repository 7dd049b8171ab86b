import { inspect } from 'node:util';
import { sourceCredentialsFrom } from './credentials-file';
import { SourceCredentials, type SourceCredential } from './source-credentials';

const TOKEN = 's3cr3t';

function problemOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return inspect(error);
  }
}

describe('a file of credentials', () => {
  it.each<[string, SourceCredential[]]>([
    ['https://me:s3cr3t@git.example', [{ host: 'git.example', username: 'me', token: TOKEN }]],
    ['https://me:s3cr3t@git.example/\n', [{ host: 'git.example', username: 'me', token: TOKEN }]],
    ['https://:s3cr3t@git.example', [{ host: 'git.example', token: TOKEN }]],
    ['https://m%40e:a%2Fb@git.example:8443', [{ host: 'git.example:8443', username: 'm@e', token: 'a/b' }]],
    ['http://me:s3cr3t@git.example', [{ host: 'git.example', scheme: 'http', username: 'me', token: TOKEN }]],
    ['http://me:s3cr3t@[::1]:8080', [{ host: '[::1]:8080', scheme: 'http', username: 'me', token: TOKEN }]],
    [
      '# ours\r\nhttps://:a@one.example\r\n\r\nhttps://:b@two.example\r\n',
      [
        { host: 'one.example', token: 'a' },
        { host: 'two.example', token: 'b' },
      ],
    ],
    ['', []],
  ])('%j holds %j', (text, expected) => expect(sourceCredentialsFrom(text)).toEqual(expected));

  it.each([
    ['git.example s3cr3t', 'line 1: it is not of the form'],
    ['machine git.example login me password s3cr3t', 'line 1: it is not of the form'],
    ['{"host": "git.example", "token": "s3cr3t"}', 'line 1: it is not of the form'],
    ['\nssh://me:s3cr3t@git.example', 'line 2: its scheme'],
    ['https://git.example', 'line 1: its token is missing'],
    ['https://s3cr3t@git.example', 'line 1: it is not of the form'],
    ['https://me:@git.example', 'line 1: its token is missing'],
    ['https://me:s3cr3t@', 'line 1: its host'],
    ['https://me:s3cr3t@git.example:99999', 'line 1: its host'],
    ['https://me:s3cr3t@git.example/acme', 'line 1: something follows its host'],
    ['https://me:s3cr3t@git.example?a', 'line 1: its host'],
    ['https://me:s3cr3t@git example', 'line 1: its host'],
    ['https://me:s3cr3t@evil@git.example', 'line 1: it is not of the form'],
    ['https://me:s3cr3t%@git.example', 'line 1: its token is not percent-encoded'],
    ['https://me%zz:s3cr3t@git.example', 'line 1: its username is not percent-encoded'],
    ['https://me:s3cr3t%0d%0aX@git.example', 'line 1: its token has control'],
    ['https://m%3ae:s3cr3t@git.example', 'line 1: its username has a colon'],
    ['https://:s3cr3t%20@git.example', 'line 1: its token has characters'],
    ['https://:a@git.example\nhttps://me:s3cr3t@GIT.example:443', 'line 2: its host has credentials already'],
  ])('%j is refused without its token: %s', (text, words) => {
    const said = problemOf(() => sourceCredentialsFrom(text));
    expect(said).toContain(words);
    expect(said).not.toContain(TOKEN);
  });

  it('is refused with all that is wrong with it', () => {
    const said = problemOf(() => sourceCredentialsFrom('ftp://a:s3cr3t@a\nhttps://:a@b\nhttps://c\n'));
    expect(said).toMatch(/line 1: its scheme.*; line 3: its token/);
  });
});

describe('credentials', () => {
  const set = new SourceCredentials([
    { host: 'Git.Example', token: TOKEN },
    { host: 'git.example:8443', username: 'me', token: 'other' },
    { host: 'git.example:8080', scheme: 'http', token: 'plain' },
  ]);

  it.each([
    ['https://git.example/a', `Bearer ${TOKEN}`],
    ['https://git.example:443/a', `Bearer ${TOKEN}`],
    ['https://git.example:8443/a', `Basic ${Buffer.from('me:other').toString('base64')}`],
    ['http://git.example:8080/a', 'Bearer plain'],
    ['http://git.example/a', undefined],
    ['http://git.example:443/a', undefined],
    ['http://git.example:8443/a', undefined],
    ['https://git.example:8080/a', undefined],
    ['https://git.example:444/a', undefined],
    ['https://git.example./a', undefined],
    ['https://a.git.example/a', undefined],
    ['https://example/a', undefined],
    ['https://git.example.evil.example/a', undefined],
  ])('for %s are %j', (url, expected) => expect(set.authorizationFor(new URL(url))).toBe(expected));

  it.each<[Partial<SourceCredential>, string]>([
    [{ token: '' }, 'its token is missing'],
    [{ host: 'https://git.example' }, 'its host'],
    [{ host: 'git.example/acme' }, 'its host'],
    [{ host: 'me@git.example' }, 'its host'],
    [{ host: '' }, 'its host'],
    [{ token: `${TOKEN}\r\nX-Evil: 1` }, 'its token has'],
  ])('like %j are refused', (given, words) => {
    const all = [
      { host: 'one.example', token: 'a' },
      { host: 'git.example', token: TOKEN, ...given },
    ];
    const said = problemOf(() => new SourceCredentials(all));
    expect(said).toContain(`Credential 2 cannot be used: ${words}`);
    expect(said).not.toContain(TOKEN);
  });

  it('are not shown by what prints objects', () => {
    expect(inspect(set, { depth: 10, showHidden: true }) + JSON.stringify(set)).not.toMatch(/s3cr3t|other/);
  });

  it('are taken out of what a server repeats', () => {
    const basic = Buffer.from('me:other').toString('base64');
    expect(set.redacted(`a ${TOKEN} b ${basic} c`)).toBe('a [redacted] b [redacted] c');
  });

  it('are taken out whole where one is a part of another', () => {
    const nested = new SourceCredentials([
      { host: 'one.example', token: TOKEN },
      { host: 'two.example', token: `${TOKEN}-and-more` },
    ]);
    expect(nested.redacted(`a ${TOKEN}-and-more b ${TOKEN} c`)).toBe('a [redacted] b [redacted] c');
  });
});
