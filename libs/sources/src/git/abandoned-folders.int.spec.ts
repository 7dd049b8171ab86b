import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram, eventually } from '@slipway/testing';
import { GitTrial } from '../../test/git/git-trial';
import { removeAbandoned } from './abandoned-folders';

let trial: GitTrial;
let programs: string;
let url: string;

beforeAll(async () => {
  trial = await GitTrial.begin();
  url = trial.server.url('hello');
  trial.server.repository('hello').commit({ 'index.js': 'a' });
  programs = await mkdtemp(join(tmpdir(), 'slipway-fetch-program-'));
});
afterAll(async () => {
  await trial.end();
  await rm(programs, { recursive: true });
});

/** Kills a process while it waits for the server, and sees the git that it leaves to its end. */
async function killWhileItFetches(): Promise<void> {
  trial.server.instead = () => undefined;
  const program = await bundleProgram(join(__dirname, '../../test/git/fetch.program.ts'), programs);
  const fetching = spawn(process.execPath, [program, url, trial.temporaryFolder], { stdio: 'inherit' });
  await eventually('its request', () => trial.server.http.paths.length > 0);
  fetching.kill('SIGKILL');
  await once(fetching, 'exit');
  await eventually('the end of git', async () => (await trial.server.http.openConnections()) === 0);
  trial.server.instead = undefined;
}

it('what a killed process leaves is removed by the first fetch that cannot be its contemporary', async () => {
  await killWhileItFetches();
  const left = await trial.remains();
  expect(left).toEqual([expect.stringMatching(/^slipway-git-/)]);
  await mkdir(join(trial.temporaryFolder, 'slipway-gitea'));
  await trial.read({ url });
  expect(await trial.remains()).toEqual([...left, 'slipway-gitea']);
  await eventually('a fetch that removes it', async () => {
    // By the short limit of this one, the other has ended long ago.
    await trial.refusal({ url: trial.server.url('none') }, { fetchMs: 500 });
    return (await trial.remains()).length === 1;
  });
  expect(await trial.remains()).toEqual(['slipway-gitea']);
});

/** Makes paths in a folder that are longer than any call of the system takes, so that not even root can remove them. */
async function makeIrremovable(folder: string): Promise<void> {
  const deep = join(...Array.from({ length: 12 }, () => 'd'.repeat(200)));
  await mkdir(join(folder, 'one', deep), { recursive: true });
  await mkdir(join(folder, 'two', deep), { recursive: true });
  await rename(join(folder, 'two'), join(folder, 'one', deep, 'two'));
}

it('what cannot be removed holds up neither the others nor the fetch', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-abandoned-'));
  for (const name of ['slipway-git-1', 'slipway-git-2', 'slipway-git-3']) await mkdir(join(folder, name));
  await makeIrremovable(join(folder, 'slipway-git-2'));
  for (const name of await readdir(folder)) await utimes(join(folder, name), 0, 0);
  await removeAbandoned(folder, 1000);
  const left = await readdir(folder);
  execFileSync('rm', ['-rf', folder]);
  expect(left).toEqual(['slipway-git-2']);
});
