import { LoopbackServer } from '../../test/loopback-server';
import { GitTrial } from '../../test/git/git-trial';

let trial: GitTrial;
let trap: LoopbackServer;
let url: string;

beforeAll(async () => {
  trial = await GitTrial.begin();
  trap = await LoopbackServer.start((_request, response) => void response.end('secret'));
  url = trial.server.url('hello');
});
afterAll(async () => {
  await trial.end();
  await trap.stop();
});
afterEach(async () => {
  expect(await trial.remains()).toEqual([]);
  expect([trap.contacts, trial.server.http.contacts]).toEqual([0, 0]);
});

describe('a URL of a repository', () => {
  it.each([
    ['a user and password', () => url.replace('//', '//user:secret@')],
    ['a user', () => url.replace('//', '//secret@')],
    ['a query', () => `${url}?token=secret`],
    ['a fragment', () => `${url}#secret`],
    ['the name of a file', () => 'file:///etc/secret'],
    ['a path alone', () => '/etc/secret'],
    ['a command', () => 'ext::sh -c secret'],
    ['an address over ssh', () => 'ssh://git@github.com/acme/secret'],
    ['a short address over ssh', () => 'git@github.com:acme/secret.git'],
    ["git's own protocol", () => 'git://github.com/acme/hello'],
    ['plain http', () => 'http://93.184.216.34/hello'],
    ['an option', () => '--upload-pack=secret'],
    ['a helper of git', () => 'http::http://127.0.0.1/secret'],
    ['a private address', () => 'https://10.0.0.1/hello'],
    ['the address of metadata', () => 'https://169.254.169.254/hello'],
    ['a mapped address', () => `https://[::ffff:127.0.0.1]/hello`],
    ['another port', () => `http://127.0.0.1:${trap.port}/hello`],
    ['a number', () => `http://2130706433:${trap.port}/hello`],
  ])('with %s is refused, and nobody is contacted', async (_, spelled) => {
    const said = await trial.refusal({ url: spelled() });
    expect(said).toMatch(/^source_url_refused: /);
    expect(said).not.toMatch(/secret/);
  });

  it.each(['--upload-pack=touch x', '-', 'main:refs/heads/x', '^main', 'a..b', 'main~1', '*', '@{1}', ''])(
    'is not even asked for %j',
    async (ref) => {
      expect(await trial.refusal({ url, ref })).toMatch(/^source_invalid: source\.ref /);
    },
  );
});

it('paths that are no folder of a source are refused before anybody is asked', async () => {
  for (const path of ['..', '../x', '/etc', 'a/../b', '.', '', '/', 'a//b', 'a\\b', '.git', 'a\0b']) {
    expect(await trial.refusal({ url, path })).toMatch(/^source_invalid: source\.path is refused\./);
  }
});
