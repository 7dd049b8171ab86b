import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitTrial } from '../../test/git/git-trial';
import type { TestRepository } from '../../test/git/test-repository';

let trial: GitTrial;
let repository: TestRepository;
let first: string;
let last: string;
let url: string;

beforeAll(async () => {
  trial = await GitTrial.begin();
  url = trial.server.url('acme/hello.git');
  repository = trial.server.repository('acme/hello.git');
  first = repository.commit({ 'index.js': 'first' });
  repository.git(['tag', '--annotate', '--message', 'a release', 'v1', first]);
  const run = { mode: '100755', type: 'blob', id: repository.blob('#!/bin/sh\n') } as const;
  last = repository.commit({
    'index.js': 'last',
    'run.sh': run,
    functions: { hello: { 'index.js': 'hello', lib: { 'ä.js': 'ä' } } },
  });
  repository.git(['branch', 'feature/x', first]);
});
afterAll(() => trial.end());
afterEach(async () => {
  trial.server.old = false;
  expect(await trial.remains()).toEqual([]);
});

describe('a source in a git repository', () => {
  it('is all files of the default branch, and names the commit', async () => {
    const { entries, revision, notes } = await trial.read({ url });
    expect(entries.map(({ path, executable, content }) => [path, executable, content.toString()])).toEqual([
      ['functions/hello/index.js', false, 'hello'],
      ['functions/hello/lib/ä.js', false, 'ä'],
      ['index.js', false, 'last'],
      ['run.sh', true, '#!/bin/sh\n'],
    ]);
    expect(revision).toBe(`${url} ${last}`);
    expect(notes).toEqual([`The source is commit ${last} of ${url}, which is what HEAD named.`]);
  });

  it.each([
    ['a branch', () => 'feature/x'],
    ['a branch by its full name', () => 'refs/heads/feature/x'],
    ['a tag', () => 'v1'],
    ['a commit', () => first],
    ['the beginning of a commit', () => first.slice(0, 10)],
  ])('is read at %s', async (_, ref) => {
    const { entries, revision } = await trial.read({ url, ref: ref() });
    expect(entries.map(({ content }) => content.toString())).toEqual(['first']);
    expect(revision).toBe(`${url} ${first}`);
  });

  it('is read at a commit that the server does not hand out by its id', async () => {
    trial.server.old = true;
    const between = repository.commit({ 'index.js': 'between' }, 'long');
    repository.commit({ 'index.js': 'tip' }, 'long');
    expect(await trial.files({ url, ref: between })).toEqual({ 'index.js': 'between' });
  });

  it('is a folder of the repository, with or without a slash', async () => {
    const hello = { 'index.js': 'hello', 'lib/ä.js': 'ä' };
    expect(await trial.files({ url, path: 'functions/hello' })).toEqual(hello);
    expect(await trial.files({ url, path: 'functions/hello/' })).toEqual(hello);
  });

  it('comes from the address that was checked, whatever the name means afterwards', async () => {
    const asked: string[] = [];
    const options = {
      httpHosts: [`git.example:${trial.server.http.port}`],
      resolve: async (host: string) => {
        asked.push(host);
        // The second answer would be another one, as a rebinding server's is.
        return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }];
      },
    };
    const named = `http://git.example:${trial.server.http.port}/acme/hello.git`;
    const { entries } = await trial.read({ url: named, ref: 'v1' }, {}, options);
    expect(entries).toHaveLength(1);
    expect(asked).toEqual(['git.example']);
    expect(trial.server.http.hosts.at(-1)).toBe(`git.example:${trial.server.http.port}`);
  });
});

describe('a git repository that cannot be read', () => {
  it.each([
    [
      'an unknown branch',
      () => ({ url, ref: 'none' }),
      /^source_missing: .*no branch, tag or commit none\.$/,
    ],
    ['an unknown commit', () => ({ url, ref: '0123456789'.repeat(4) }), /^source_missing: .*commit 0123/],
    ['an unknown short commit', () => ({ url, ref: '0123456' }), /^source_missing: .*commit 0123456\.$/],
    ['what is no commit', () => ({ url, ref: repository.blob('last') }), /^source_missing: .*no branch/],
    [
      'an unknown folder',
      () => ({ url, path: 'function' }),
      /^source_missing: .*no folder "function" at HEAD/,
    ],
    ['a file for a folder', () => ({ url, path: 'index.js' }), /^source_missing: .*no folder "index.js"/],
    ['no repository', () => ({ url: trial.server.url('none') }), /^source_missing: .*no repository at http/],
  ])('is missing with %s', async (_, source, expected) => {
    const said = await trial.refusal(source());
    expect(said).toMatch(expected);
    expect(said).toContain('source file not found');
  });

  it('tells the line in which git says why', async () => {
    await expect(trial.read({ url, ref: 'none' })).rejects.toMatchObject({
      logLine: "fatal: couldn't find remote ref none",
      hint: expect.stringContaining('source.ref'),
    });
  });

  it('is not supported without git', async () => {
    expect(await trial.refusal({ url }, {}, { searchPath: '/nowhere' })).toMatch(
      /^source_kind_unsupported: .* git is not installed/,
    );
  });

  it('is not supported with a git that would resolve the name again', async () => {
    const searchPath = await mkdtemp(join(tmpdir(), 'slipway-old-git-'));
    const contacts = trial.server.http.contacts;
    try {
      await writeFile(join(searchPath, 'git'), '#!/bin/sh\necho git version 2.36.9\n', { mode: 0o755 });
      expect(await trial.refusal({ url }, {}, { searchPath })).toMatch(
        /^source_kind_unsupported: .*needs git 2\.37 or newer; installed is git version 2\.36\.9\.$/,
      );
    } finally {
      await rm(searchPath, { recursive: true });
    }
    expect(trial.server.http.contacts).toBe(contacts);
  });
});
