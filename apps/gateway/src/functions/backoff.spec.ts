import { Backoff } from './backoff';

describe('the pause of a function that ends unexpectedly', () => {
  let now: number;
  let backoff: Backoff;
  beforeEach(() => {
    now = 1_000_000;
    backoff = new Backoff(() => now);
  });

  /** Fails so many times, each time as soon as it is started again. */
  function failAtOnce(times: number, served: boolean): number[] {
    return Array.from({ length: times }, () => {
      now += backoff.waitMs();
      backoff.failed(served);
      return backoff.waitMs();
    });
  }

  it('is none before the first failure', () => {
    expect(backoff.waitMs()).toBe(0);
  });

  it('doubles up to a minute while it keeps ending', () => {
    expect(failAtOnce(8, true)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
  });

  it('begins afresh for one that served and held out', () => {
    failAtOnce(4, true);
    now += backoff.waitMs() + 10_001;
    backoff.failed(true);
    expect(backoff.waitMs()).toBe(1_000);
  });

  it('goes on doubling for one that never became ready, however long that took', () => {
    failAtOnce(4, false);
    now += backoff.waitMs() + 30_000;
    backoff.failed(false);
    expect(backoff.waitMs()).toBe(16_000);
  });
});
