import { SourceCredentials } from '../credentials/source-credentials';
import { GitFailure, explained, tellingLine } from './git-failure';

const ASKED = { url: 'https://git.example/acme/hello', ref: 'main', folder: 'src' };

describe('why a repository was not read', () => {
  it.each([
    ['fetch', "fatal: couldn't find remote ref main", 'source_missing'],
    ['fetch', "fatal: couldn't find remote ref HEAD", 'source_missing'],
    ['fetch', 'fatal: remote error: upload-pack: not our ref 0123', 'source_missing'],
    ['fetch', 'error: Server does not allow request for unadvertised object 0123', 'source_missing'],
    ['rev-parse', 'error: short object ID 0123456 is ambiguous', 'source_missing'],
    ['rev-parse', 'fatal: Needed a single revision', 'source_missing'],
    ['ls-tree', 'fatal: Not a valid object name 0123:src', 'source_missing'],
    ['ls-tree', 'fatal: not a tree object', 'source_missing'],
    ['fetch', "fatal: repository 'https://git.example/acme/hello/' not found", 'source_missing'],
    ['fetch', "fatal: Authentication failed for 'https://git.example/acme/hello/'", 'source_denied'],
    [
      'fetch',
      "fatal: could not read Username for 'https://git.example': terminal prompts disabled",
      'source_denied',
    ],
    [
      'fetch',
      "fatal: unable to access 'https://git.example/': The requested URL returned error: 301",
      'source_url_refused',
    ],
    ['fetch', 'fatal: https://git.example/info/refs not valid: is this a git repository?', 'source_invalid'],
    ['fetch', 'fatal: mismatched algorithms: client sha1; server sha256', 'source_invalid'],
    ['fetch', 'fatal: attempting to allocate 1073741825 over limit 104857600', 'source_too_large'],
    ['fetch', 'error: file write error: No space left on device', 'disk_full'],
    [
      'fetch',
      'error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502',
      'source_unreachable',
    ],
    [
      'fetch',
      'error: RPC failed; HTTP 429 curl 22 The requested URL returned error: 429',
      'source_throttled',
    ],
    [
      'fetch',
      "fatal: unable to access 'https://git.example/': Operation too slow. Less than 1 bytes/sec transferred the last 60 seconds",
      'source_timeout',
    ],
    [
      'fetch',
      "fatal: unable to access 'https://git.example/': Failed to connect to git.example port 443: Connection timed out",
      'source_timeout',
    ],
    ['fetch', 'fatal: early EOF', 'source_truncated'],
    [
      'fetch',
      'error: RPC failed; curl 18 transfer closed with outstanding read data remaining',
      'source_truncated',
    ],
    ['fetch', 'fatal: the remote end hung up unexpectedly', 'source_truncated'],
    ['fetch', 'git ended with SIGSEGV', 'source_unreachable'],
    ['ls-tree', 'git ended with SIGSEGV', 'source_invalid'],
    ['cat-file', 'error: inflate: data stream error (incorrect data check)', 'source_invalid'],
  ])('git %s: "%s" means %s', (command, line, code) => {
    const error = explained(new GitFailure(command, line), ASKED, new SourceCredentials());
    expect(error).toMatchObject({ code, logLine: line });
    expect(error.message).toContain(ASKED.url);
    expect(error.message.includes('source file not found')).toBe(code === 'source_missing');
  });
});

describe("git's own line", () => {
  it('goes with the failure up to 300 characters, and a secret that lies across that end does not', () => {
    const credentials = new SourceCredentials([{ host: 'git.example', token: 's3cr3t' }]);
    const line = `fatal: ${'x'.repeat(290)}s3cr3t${'x'.repeat(1000)}`;
    const { logLine } = explained(new GitFailure('fetch', line), ASKED, credentials);
    expect(logLine).toBe(`fatal: ${'x'.repeat(290)}[re`);
  });
});

describe('the line that tells most', () => {
  it.each([
    ['warning: a\nfatal: b\nfatal: c\n', 'fatal: b'],
    ['remote: Compressing objects: 1%\rremote: done\nerror: b\nfatal: c\n', 'error: b'],
    ['something else\n', 'something else'],
    ['fatal: \u001b[31mred\u0007\n', 'fatal:  [31mred '],
    ['', undefined],
  ])('of %j is %j', (stderr, line) => expect(tellingLine(stderr)).toBe(line));
});
