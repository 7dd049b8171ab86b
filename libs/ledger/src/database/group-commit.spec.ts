import { GroupCommit } from './group-commit';

interface Request {
  key: string;
  n: number;
}

/** A commit that is let through by hand and notes what it was given. */
function heldCommits(concurrency = 1) {
  const groups: number[][] = [];
  const release: (() => void)[] = [];
  const group = new GroupCommit<Request, number>({
    limit: 3,
    concurrency,
    weightOf: ({ n }) => (n > 100 ? n : 0),
    heaviest: 500,
    keyOf: ({ key }) => key,
    commit: async (requests) => {
      groups.push(requests.map(({ n }) => n));
      await new Promise<void>((resolve) => release.push(resolve));
      if (requests.some(({ n }) => n === 13)) throw new Error('unlucky');
      return requests.map(({ n }) => (n < 0 ? new Error('negative') : n * 10));
    },
  });
  const drain = async (until: Promise<unknown>): Promise<void> => {
    let ended = false;
    void until.finally(() => (ended = true));
    while (!ended) {
      release.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { group, groups, drain };
}

const of = (key: string, n: number): Request => ({ key, n });

describe('a group commit', () => {
  it('commits a single request at once and those that come meanwhile together', async () => {
    const { group, groups, drain } = heldCommits();
    const all = Promise.all([1, 2, 3, 4, 5].map((n) => group.add(of(`k${n}`, n))));
    await drain(all);
    expect(await all).toEqual([10, 20, 30, 40, 50]);
    expect(groups).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('never puts requests of one key into one commit, and keeps their order', async () => {
    const { group, groups, drain } = heldCommits();
    const all = Promise.all(
      [of('x', 1), of('a', 2), of('a', 3), of('b', 4), of('a', 5)].map((r) => group.add(r)),
    );
    await drain(all);
    expect(groups).toEqual([[1], [2, 4], [3], [5]]);
  });

  it('makes no commit heavier than it may be, save for a single request that is', async () => {
    const { group, groups, drain } = heldCommits();
    const all = Promise.all([1, 300, 301, 900, 2].map((n) => group.add(of(`k${n}`, n))));
    await drain(all);
    expect(groups).toEqual([[1], [300, 2], [301], [900]]);
  });

  it('makes several commits at once, but none with a key of another', async () => {
    const { group, groups, drain } = heldCommits(2);
    const all = Promise.all(
      [of('a', 1), of('a', 2), of('b', 3), of('c', 4), of('d', 5), of('b', 6)].map((r) => group.add(r)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    // 2 waits for the end of 1; 3 found a commit free.
    expect(groups).toEqual([[1], [3]]);
    await drain(all);
    expect(groups).toEqual([[1], [3], [2, 4, 5], [6]]);
    expect(await all).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('gives an error that concerns one request to that one alone', async () => {
    const { group, drain } = heldCommits();
    const all = Promise.allSettled([of('a', 1), of('b', -2), of('c', 3)].map((r) => group.add(r)));
    await drain(all);
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('redoes each request alone where their common commit fails', async () => {
    const { group, groups, drain } = heldCommits();
    const all = Promise.allSettled(
      [of('a', 1), of('b', 2), of('c', 13), of('d', 4)].map((r) => group.add(r)),
    );
    await drain(all);
    expect((await all).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(groups).toEqual([[1], [2, 13, 4], [2], [13], [4]]);
  });

  it('fails all of them where the ledger is away', async () => {
    let calls = 0;
    const group = new GroupCommit<Request, number>({
      limit: 10,
      concurrency: 1,
      weightOf: () => 0,
      heaviest: 1,
      keyOf: ({ key }) => key,
      commit: async () => {
        calls += 1;
        throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
      },
    });
    const all = await Promise.allSettled([of('a', 1), of('b', 2), of('c', 3)].map((r) => group.add(r)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(calls).toBe(2);
  });
});
