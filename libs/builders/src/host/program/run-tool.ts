import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { BuildFailureCode } from '../outcome/log-lines';
import { BuildFailure } from './build-failure';
import { maskedOutput } from './masked-output';
import type { ToolEnvironment } from './tool-environment';

export interface ToolRun {
  program: string;
  args: readonly string[];
  cwd: string;
  environment: ToolEnvironment;
  /** The cause of the build's failure where the tool fails. */
  code: BuildFailureCode;
  /** What the tool is called in sentences. */
  title?: string;
}

const OUTPUT_MS = 5_000;

/** Runs a tool whose output goes where ours goes, without credentials. Fails with a BuildFailure that carries its exit code. */
export async function runTool(run: ToolRun): Promise<void> {
  const title = run.title ?? basename(run.program);
  const child = spawn(run.program, run.args, {
    cwd: run.cwd,
    env: run.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([passOn(child.stdout, process.stdout), passOn(child.stderr, process.stderr)]);
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // A process that the tool has left behind may hold the pipes open; its words are not waited for.
  await Promise.race([output, pause(OUTPUT_MS, undefined, { ref: false })]);
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  if (exitCode === 0) return;
  if (signal !== null) throw new Error(`${title} was ended by ${signal}`);
  throw new BuildFailure(run.code, `${title} ended with code ${exitCode}.`, exitCode ?? 1);
}

async function passOn(from: Readable, to: Writable): Promise<void> {
  const masked = from.pipe(maskedOutput());
  masked.pipe(to, { end: false });
  await finished(masked);
}
