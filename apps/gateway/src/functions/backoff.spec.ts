import { Backoff } from './backoff';

describe('the pause of a function that ends unexpectedly', () => {
  let now: number;
  let backoff: Backoff;
  beforeEach(() => {
    now = 1_000_000;
    backoff = new Backoff(() => now);
  });

  /** Fails so many times, each time as soon as it is started again. */
  function failAtOnce(times: number): number[] {
    return Array.from({ length: times }, () => {
      now += backoff.waitMs();
      backoff.failed(0);
      return backoff.waitMs();
    });
  }

  it('is none before the first failure', () => {
    expect(backoff.waitMs()).toBe(0);
  });

  it('doubles up to a minute while it keeps ending', () => {
    expect(failAtOnce(8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
  });

  it('begins afresh for one that served for as long as it had been kept away', () => {
    failAtOnce(4);
    backoff.failed(8_000);
    expect(backoff.waitMs()).toBe(1_000);
  });

  it('does not grow for one that serves for some seconds each time', () => {
    const pauses = Array.from({ length: 5 }, () => {
      backoff.failed(9_000);
      return backoff.waitMs();
    });
    expect(new Set(pauses)).toEqual(new Set([1_000]));
  });

  it('goes on doubling for one that ends soon after its start, however long nobody asked for it', () => {
    failAtOnce(4);
    now += backoff.waitMs() + 30_000;
    backoff.failed(500);
    expect(backoff.waitMs()).toBe(16_000);
  });
});
