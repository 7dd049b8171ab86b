import { inspect } from 'node:util';
import { runCommand } from './commands.ts';
import { Refusal } from './refusal.ts';
import { createSteps } from './steps.ts';

const INTERRUPTED = 130;

const asRoot = process.getuid?.() === 0;
// The servers that root starts run as other users, who have to be able to read what is made for them here.
if (asRoot) process.umask(0o022);

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
// Whoever reads our output may go away (`| head`); the work goes on, and what it started can still be stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const complain = (sentence: string) => process.stderr.write(`${sentence}\n`);

async function main(): Promise<number> {
  try {
    return await runCommand(process.argv.slice(2), {
      root: process.cwd(),
      env: process.env,
      asRoot,
      steps: createSteps(process.stdout),
      signal: controller.signal,
    });
  } catch (error) {
    if (controller.signal.aborted) {
      complain('Interrupted: what this command had started is stopped.');
      return INTERRUPTED;
    }
    if (error instanceof Refusal) {
      complain(error.message);
      return error.exitCode;
    }
    const { code, path } = error as NodeJS.ErrnoException;
    if (path && (code === 'EACCES' || code === 'EPERM')) {
      complain(
        `No permission for ${path}: if an earlier run as root made it, give it to yourself with chown.`,
      );
      return 1;
    }
    // Not foreseen: the stack is what a report of it needs.
    complain(inspect(error));
    return 1;
  }
}

process.exitCode = await main();
