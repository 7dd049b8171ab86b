import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { readJsonFile } from './json-file.ts';
import { runProgram } from './run-program.ts';
import { countTests, type JestReport, type TestCounts } from './test-counts.ts';

export interface JestRun {
  name: string;
  config: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Two at least: the integration tests wait for servers more than they compute. */
export const JEST_WORKERS = Math.max(2, availableParallelism() - 1);

/** Runs Jest once and counts from its own report. A run that leaves no report counts as one failure. */
export async function runJest(context: Context, { name, config, args, env }: JestRun): Promise<TestCounts> {
  const outputFile = join(context.state.folder, `jest-${name}.json`);
  rmSync(outputFile, { force: true });
  const node = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join('node_modules', 'jest', 'bin', 'jest.js'),
  ];
  const { code } = await runProgram(
    process.execPath,
    [...node, '--config', config, '--passWithNoTests', '--json', `--outputFile=${outputFile}`, ...args],
    { cwd: context.root, env, signal: context.signal, output: 'inherit' },
  );
  const report = readJsonFile<JestReport>(outputFile);
  if (!report) return { passed: 0, failed: 1, skipped: [] };
  const counts = countTests(report);
  // Jest also fails for what is no test, such as a coverage threshold or an error after the last one.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
