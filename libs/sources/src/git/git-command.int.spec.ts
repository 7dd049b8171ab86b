import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../limits';
import { Git } from './git-command';
import { environmentOf } from './git-setting';

const MIB = 1024 * 1024;
const PLACES = '/usr/local/bin:/usr/bin:/bin';

let folder: string;
let git: Git;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-git-command-'));
  const limits = { ...DEFAULT_LIMITS, totalBytes: MIB };
  const environment = environmentOf(folder, PLACES, 'https', limits);
  git = new Git({ folder, environment, configuration: ['a.b=c'], signal: new AbortController().signal });
});
afterEach(() => rm(folder, { recursive: true }));

describe('git', () => {
  it('is set up by what it is given alone', async () => {
    await writeFile(join(folder, '.gitconfig'), '[credential]\n\thelper = store\n');
    const settings = (await git.run('config', ['--list', '--show-scope'])).toString().trim().split('\n');
    expect(settings).toEqual(['command\ta.b=c']);
  });

  it('may not take more memory for one object than a source may have bytes', async () => {
    await git.run('init', ['--quiet', '--bare', '--template=', '.']);
    const input = 'x'.repeat(65 * MIB);
    await expect(git.run('hash-object', ['--stdin'], { input })).rejects.toMatchObject({
      line: expect.stringMatching(/attempting to allocate|out of memory/),
    });
  });

  it('may not answer more than was foreseen', async () => {
    const limit = { bytes: 10, exceeded: 'Too much.' };
    await expect(git.run('version', [], { limit })).rejects.toMatchObject({
      code: 'source_too_large',
      message: 'Too much.',
    });
  });

  it('tells its code where it says nothing', async () => {
    await expect(git.run('config', ['--get', 'no.thing'])).rejects.toMatchObject({
      command: 'config',
      line: 'git ended with code 1',
    });
  });
});
