/** What we read of the file that `jest --json --outputFile` writes. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  /** Files that could not be run at all; their tests are in no other number. */
  numRuntimeErrorTestSuites: number;
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

export interface TestCounts {
  passed: number;
  failed: number;
  /** Full names of the tests that were skipped or are still to be written. */
  skipped: string[];
}

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: [] };

export function countTests(report: JestReport): TestCounts {
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: all
      .filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status))
      .map(({ fullName }) => fullName),
  };
}

export function addCounts(one: TestCounts, other: TestCounts): TestCounts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** The one line that a run of the tests ends with. */
export function countsLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}

/** A run in which no test ran is no success: more often than not its pattern was mistyped. */
export function exitCodeOf({ passed, failed }: TestCounts): number {
  return failed > 0 || passed === 0 ? 1 : 0;
}
