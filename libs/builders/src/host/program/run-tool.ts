import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { BuildFailureCode } from '../outcome/log-lines';
import { BuildFailure } from './build-failure';

export interface ToolRun {
  program: string;
  args: readonly string[];
  cwd: string;
  environment: Record<string, string | undefined>;
  /** The cause of the build's failure where the tool fails. */
  code: BuildFailureCode;
  /** What the tool is called in sentences. */
  title?: string;
}

/** Runs a tool whose output goes unfiltered where ours goes. Fails with a BuildFailure that carries its exit code. */
export function runTool(run: ToolRun): Promise<void> {
  const title = run.title ?? basename(run.program);
  return new Promise((resolve, reject) => {
    const child = spawn(run.program, run.args, {
      cwd: run.cwd,
      env: run.environment,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => {
      if (exitCode === 0) resolve();
      else if (signal !== null) reject(new Error(`${title} was ended by ${signal}`));
      else reject(new BuildFailure(run.code, `${title} ended with code ${exitCode}.`, exitCode ?? 1));
    });
  });
}
