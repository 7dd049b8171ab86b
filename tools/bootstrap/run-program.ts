import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  signal?: AbortSignal;
  /** Milliseconds after which the program is ended. */
  timeout?: number;
  /** `inherit` shows the output as it comes; `capture` (the default) keeps it. */
  output?: 'capture' | 'inherit';
  input?: string;
}

export interface RunResult {
  code: number;
  /** stdout and stderr in the order in which they came; empty when inherited. */
  output: string;
}

/**
 * Runs a program to its end. A program that does not exist counts as exit code 127; throws only when aborted, and then
 * after the program has ended: it may have things of its own to stop.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { output = 'capture', input, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const stdio = output === 'inherit' ? 'inherit' : 'pipe';
    const child = spawn(command, args, {
      ...spawnOptions,
      stdio: [input === undefined ? 'ignore' : 'pipe', stdio, stdio],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin?.end(input);
    let aborted: Error | undefined;
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') aborted = error;
      else resolve({ code: 127, output: `${command}: ${error.message}` });
    });
    child.on('close', (code) => {
      if (aborted) reject(aborted);
      else resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
