import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../../test/state-folder';
import { reachableCopy } from './reachable-copy';

describe('reachableCopy', () => {
  let root: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ root, remove } = await stateFolder());
    await mkdir(join(root, 'closed/data'), { recursive: true });
    await writeFile(join(root, 'closed/program.js'), 'first', { mode: 0o700 });
    await writeFile(join(root, 'closed/data/file'), 'data', { mode: 0o600 });
  });

  afterEach(() => remove());

  it('leaves alone what others can read already', async () => {
    await chmod(join(root, 'closed/program.js'), 0o755);
    await expect(reachableCopy(root, join(root, 'closed/program.js'))).resolves.toBe(
      join(root, 'closed/program.js'),
    );
  });

  it('copies what lies below a closed folder, once for each content', async () => {
    await chmod(join(root, 'closed'), 0o700);
    const path = join(root, 'closed/program.js');
    const copies = await Promise.all([reachableCopy(root, path), reachableCopy(root, path)]);
    expect(copies[0]).toBe(copies[1]);
    expect(copies[0]).toMatch(new RegExp(`^${root}/programs/[0-9a-f]{16}-program\\.js$`));
    expect((await stat(copies[0])).mode & 0o777).toBe(0o755);
    await writeFile(path, 'second version');
    await expect(readFile(await reachableCopy(root, path), 'utf8')).resolves.toBe('second version');
  });

  it('copies a folder with all that is in it', async () => {
    await chmod(join(root, 'closed'), 0o700);
    const copy = await reachableCopy(root, join(root, 'closed/data'));
    await expect(readFile(join(copy, 'file'), 'utf8')).resolves.toBe('data');
    expect((await stat(join(copy, 'file'))).mode & 0o777).toBe(0o644);
  });
});
