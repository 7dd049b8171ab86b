import { join } from 'node:path';
import { stateFolder } from '../../test/state-folder';
import { ownIdentity } from '../processes/process-identity';
import { underLock } from './exclusive-lock';
import { createJson, readJson } from './json-file';

describe('underLock', () => {
  let root: string;
  let remove: () => Promise<void>;

  beforeEach(async () => ({ root, remove } = await stateFolder()));
  afterEach(() => remove());

  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const visit = (): Promise<void> =>
      underLock(join(root, 'lock'), async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
      });
    await Promise.all(Array.from({ length: 10 }, visit));
    expect(most).toBe(1);
  });

  it('breaks the lock of a process that died, and gives it back after a failure', async () => {
    const path = join(root, 'lock');
    await createJson(path, { ...ownIdentity(), startTime: '1', token: 'dead' });
    await expect(underLock(path, () => Promise.reject(new Error('inside')))).rejects.toThrow('inside');
    await expect(readJson(path)).resolves.toBeUndefined();
  });
});
