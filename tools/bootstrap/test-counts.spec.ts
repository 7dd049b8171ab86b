import { addCounts, countTests, countsLine, exitCodeOf, NO_TESTS } from './test-counts.ts';

describe('the counts of a run', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    numRuntimeErrorTestSuites: 1,
    testResults: [
      {
        assertionResults: [
          { fullName: 'a works', status: 'passed' },
          { fullName: 'b waits', status: 'pending' },
        ],
      },
      { assertionResults: [{ fullName: 'c comes', status: 'todo' }] },
    ],
  };

  it('take a file that could not be run for a failure, and name what was skipped', () => {
    expect(countTests(report)).toEqual({ passed: 2, failed: 2, skipped: ['b waits', 'c comes'] });
  });

  it('are summed over several runs', () => {
    expect(countsLine(addCounts(countTests(report), { passed: 3, failed: 0, skipped: [] }))).toBe(
      '5 passed, 2 failed, 2 skipped',
    );
  });

  it('say nothing of skipped tests where there are none', () => {
    expect(countsLine({ passed: 3, failed: 0, skipped: [] })).toBe('3 passed, 0 failed');
  });

  it.each([
    ['all pass', { passed: 1, failed: 0, skipped: [] }, 0],
    ['one fails', { passed: 1, failed: 1, skipped: [] }, 1],
    ['none ran', NO_TESTS, 1],
  ])('give the exit code when %s', (_name, counts, code) => {
    expect(exitCodeOf(counts)).toBe(code);
  });
});
