import { stateFolder } from '../../test/state-folder';
import { TenantUsers } from './tenant-users';

const isRoot = process.getuid?.() === 0;

describe('TenantUsers', () => {
  let root: string;
  let remove: () => Promise<void>;

  beforeEach(async () => ({ root, remove } = await stateFolder()));
  afterEach(() => remove());

  const usersOf = (...tenants: string[]): Promise<(number | undefined)[]> => {
    const users = new TenantUsers({ root, uids: { first: 300_000, count: 3 } });
    return Promise.all(tenants.map(async (tenant) => (await users.userFor(tenant))?.uid));
  };

  async function distinct(): Promise<void> {
    const given = await usersOf('a', 'b', 'c');
    expect(new Set(given).size).toBe(3);
    await expect(usersOf('a', 'b', 'c')).resolves.toEqual(given);
    await expect(usersOf('d')).rejects.toThrow('are taken');
  }

  async function none(): Promise<void> {
    await expect(usersOf('a', 'b')).resolves.toEqual([undefined, undefined]);
  }

  if (isRoot) it('gives each tenant its own uid for ever, also where two hashes meet', distinct);
  else it('gives none where this process is not root', none);

  it('gives none where the range is not ours', async () => {
    const options = { root, uids: { first: 4_294_967_290, count: 1_000 } };
    await expect(new TenantUsers(options).userFor('a')).resolves.toBeUndefined();
  });
});
