import { chmod, link, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../../test/state-folder';
import { treeDigest } from './canonical-tree';
import { imageFolder, pushImage } from './image-store';
import { LocalImageRegistry } from './local-image-registry';

describe('pushImage', () => {
  let root: string;
  let remove: () => Promise<void>;
  let count = 0;

  beforeEach(async () => ({ root, remove } = await stateFolder()));
  afterEach(() => remove());

  /** What a builder leaves; `more` adds to it. */
  async function output(more: (folder: string) => Promise<unknown> = async () => undefined): Promise<string> {
    const folder = join(root, `output-${count++}`);
    await mkdir(join(folder, 'app'), { recursive: true });
    await writeFile(join(folder, 'app/main.js'), 'main');
    await writeFile(join(folder, 'app/run.sh'), 'run', { mode: 0o755 });
    await symlink('main.js', join(folder, 'app/link.js'));
    await more(folder);
    return folder;
  }

  const push = async (more?: (folder: string) => Promise<unknown>, uri = 'r/i:t'): Promise<string> =>
    pushImage(root, await output(more), uri);

  it('gives equal content the same digest, whenever it was made', async () => {
    const first = await push();
    const second = await push((folder) => utimes(join(folder, 'app/main.js'), 1, 1));
    expect(second).toBe(first);
    await expect(treeDigest(imageFolder(root, first))).resolves.toBe(first);
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['other bytes', (folder) => writeFile(join(folder, 'app/main.js'), 'niam')],
    ['another name', (folder) => writeFile(join(folder, 'app/extra.js'), '')],
    ['an empty folder more', (folder) => mkdir(join(folder, 'empty'))],
    ['the executable bit', (folder) => chmod(join(folder, 'app/main.js'), 0o755)],
    ['a link elsewhere', (folder) => symlink('run.sh', join(folder, 'app/other.js'))],
  ])('gives %s another digest', async (_what, change) => {
    expect(await push(change)).not.toBe(await push());
  });

  it('makes the image read-only and takes set-uid bits away', async () => {
    const digest = await push((folder) => chmod(join(folder, 'app/run.sh'), 0o4755));
    const modes = await Promise.all(
      ['app', 'app/main.js', 'app/run.sh'].map((path) => stat(join(imageFolder(root, digest), path))),
    );
    expect(modes.map(({ mode }) => (mode & 0o7777).toString(8))).toEqual(['555', '444', '555']);
  });

  it('parts a file from the cache that holds it too', async () => {
    const cached = join(root, 'cached');
    await writeFile(cached, 'cached');
    const digest = await push((folder) => link(cached, join(folder, 'app/linked')));
    await writeFile(cached, 'changed');
    await expect(readFile(join(imageFolder(root, digest), 'app/linked'), 'utf8')).resolves.toBe('cached');
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['an absolute link', (folder) => symlink('/etc/passwd', join(folder, 'app/x'))],
    ['a link upwards', (folder) => symlink('../../outside', join(folder, 'app/x'))],
    ['a link to nothing', (folder) => symlink('nothing', join(folder, 'app/x'))],
  ])('refuses %s', async (_what, change) => {
    await expect(push(change)).rejects.toMatchObject({ name: 'ImageRefused' });
    await expect(new LocalImageRegistry({ root }).digestOf('r/i:t')).resolves.toBeUndefined();
  });

  it('allows the interpreter of a virtual environment, which lies outside', async () => {
    const withInterpreter = async (folder: string): Promise<void> => {
      await mkdir(join(folder, 'venv/bin'), { recursive: true });
      await symlink(process.execPath, join(folder, 'venv/bin/python3'));
      await symlink('python3', join(folder, 'venv/bin/python'));
    };
    await expect(push(withInterpreter)).resolves.toMatch(/^sha256:/);
  });

  it('refuses an image that is too large, and one that is no folder', async () => {
    await expect(pushImage(root, await output(), 'r/i:t', { entries: 2, bytes: 100 })).rejects.toThrow(
      'more than 2 entries',
    );
    await expect(pushImage(root, await output(), 'r/i:t', { entries: 9, bytes: 3 })).rejects.toThrow(
      'larger than 3 bytes',
    );
    await expect(pushImage(root, join(root, 'none'), 'r/i:t')).rejects.toThrow('left no folder');
  });
});
