import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { GitTrial } from '../../test/git/git-trial';
import type { SourceCredential } from '../credentials/source-credentials';
import { unlessGone } from './within-bytes';

const TOKEN = 's3cr3t-t0k3n';
const BASIC = Buffer.from(`me:${TOKEN}`).toString('base64');

let trial: GitTrial;
let url: string;
let output: jest.SpyInstance[];

beforeAll(async () => {
  trial = await GitTrial.begin();
  url = trial.server.url('private');
  trial.server.repository('private').commit({ 'index.js': 'a' });
});
afterAll(() => trial.end());
beforeEach(() => {
  trial.server.http.authorizations.splice(0);
  output = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write'));
});
afterEach(async () => {
  const written = output.flatMap(({ mock }) => mock.calls).join('\n');
  jest.restoreAllMocks();
  expect(written).not.toMatch(new RegExp(`${TOKEN}|${BASIC}`));
  expect(await trial.remains()).toEqual([]);
});

function credential(more: Partial<SourceCredential> = {}): SourceCredential {
  return { host: trial.server.host, scheme: 'http', username: 'me', token: TOKEN, ...more };
}

function isSecretIn(text: string): boolean {
  return text.includes(TOKEN) || text.includes(BASIC);
}

/** The command lines of all processes of this machine. */
async function commandLines(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => 'it has ended')));
}

/** The files that the fetch under way has written. */
async function filesOfFetch(): Promise<string[]> {
  const found = await readdir(trial.temporaryFolder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(files.map((file) => unlessGone(readFile(file, 'latin1'), '')));
}

describe('a private repository', () => {
  it.each<[string, Partial<SourceCredential>, string]>([
    ['a username and token', {}, `Basic ${BASIC}`],
    ['a token alone', { username: undefined }, `Bearer ${TOKEN}`],
  ])('is read with %s, which nobody else sees', async (_, more, header) => {
    const seen: string[] = [];
    const open = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      // While git waits for this answer.
      seen.push(...(await commandLines()), ...(await filesOfFetch()));
      if (request.headers.authorization === header) await trial.server.serve(request, response);
      else response.writeHead(401).end();
    };
    trial.server.instead = (request, response) => void open(request, response);
    const source = await trial.read({ url }, {}, { credentials: [credential(more)] });
    expect(source.entries).toHaveLength(1);
    expect(isSecretIn(inspect(source, { depth: 10 }))).toBe(false);
    expect(trial.server.http.authorizations).toEqual([header, header, header]);
    expect(seen.some((text) => text.includes('remote-http'))).toBe(true);
    expect(seen.filter(isSecretIn)).toEqual([]);
  });

  it.each<[string, () => SourceCredential[]]>([
    ['none', () => []],
    ['those of another port', () => [credential({ host: '127.0.0.1:1' })]],
    ['those of the usual port', () => [credential({ host: '127.0.0.1' })]],
    ['those of https', () => [credential({ scheme: 'https' })]],
    ['those of another host', () => [credential({ host: `localhost:${trial.server.http.port}` })]],
  ])('is asked for with no credentials where there are %s', async (_, credentials) => {
    trial.server.instead = undefined;
    await trial.read({ url }, {}, { credentials: credentials() });
    expect(new Set(trial.server.http.authorizations)).toEqual(new Set([undefined]));
  });

  it.each<[number, string, () => SourceCredential[], string]>([
    [401, 'without credentials', () => [], 'without credentials, and none were sent to http://127.0.0.1:'],
    [403, 'without credentials', () => [], 'without credentials, and none were sent to http://127.0.0.1:'],
    [
      401,
      'with credentials',
      () => [credential()],
      'with the credentials that are set for http://127.0.0.1:',
    ],
    [
      403,
      'with credentials',
      () => [credential()],
      'with the credentials that are set for http://127.0.0.1:',
    ],
  ])('that answers %d %s is denied, and says so', async (status, _, credentials, words) => {
    trial.server.instead = (_request, response) =>
      void response.writeHead(status, { 'www-authenticate': 'Basic realm="git"' }).end();
    const failure: unknown = await trial
      .read({ url }, {}, { credentials: credentials() })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'source_denied',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('SOURCE_CREDENTIALS_FILE'),
    });
    expect(isSecretIn(inspect(failure, { depth: 10 }))).toBe(false);
  });

  it('whose server repeats what it was sent has that taken out of its line', async () => {
    const line = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;
    trial.server.instead = ({ headers }, response) => {
      const type = 'application/x-git-upload-pack-advertisement';
      const said = line(`ERR you sent ${headers.authorization} of ${TOKEN}`);
      response.writeHead(200, { 'content-type': type });
      response.end(`${line('# service=git-upload-pack\n')}0000${said}`);
    };
    await expect(trial.read({ url }, {}, { credentials: [credential()] })).rejects.toMatchObject({
      logLine: 'fatal: remote error: you sent Basic [redacted] of [redacted]',
    });
  });
});
