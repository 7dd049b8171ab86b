import { Refusal } from './refusal.ts';

export interface AllowedSkip {
  /** The test's full name as the report shows it. */
  test: string;
  reason: string;
}

/** Throws a Refusal where an entry gives no reason. */
export function parseAllowedSkips(text: string): AllowedSkip[] {
  const entries = JSON.parse(text) as Partial<AllowedSkip>[];
  for (const { test, reason } of entries) {
    if (!test?.trim() || !reason?.trim())
      throw new Refusal(
        `tools/allowed-skips.json: every entry needs a test and a reason, and "${test ?? ''}" has not both.`,
      );
  }
  return entries as AllowedSkip[];
}

/** The skipped tests that nobody has given a reason for. */
export function unexplainedSkips(skipped: readonly string[], allowed: readonly AllowedSkip[]): string[] {
  return skipped.filter((name) => !allowed.some(({ test }) => test === name));
}
