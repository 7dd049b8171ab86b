import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { containerName } from './broker-docker.ts';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';
import { runProgram } from './run-program.ts';
import { deleteState } from './state-folder.ts';
import { stopAll } from './stop.ts';
import { takeStateLock } from './lock.ts';

async function confirmed(folder: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Refusal(
      'Reset deletes all builds, functions and messages and there is no terminal to ask on: say so with npm run reset -- --yes.',
    );
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await prompt.question(`Delete all builds, functions and messages in ${folder}? [y/N] `, {
      signal,
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

/** Stops everything and deletes the state folder, after asking. The addresses and data of the tests are not touched. */
export async function reset(context: Context, record: RunRecord, yes: boolean): Promise<number> {
  const { folder } = context.state;
  if (!existsSync(folder)) {
    context.steps.line('There is nothing to delete.');
    return 0;
  }
  if (!yes && !(await confirmed(folder, context.signal))) return 1;
  const release = takeStateLock(context.state.lock);
  try {
    const inDocker = existsSync(join(context.state.broker, 'container.conf'));
    await stopAll(context, record);
    if (inDocker) {
      await runProgram('docker', ['volume', 'rm', '--force', containerName(context)], { env: context.env });
    }
    deleteState(context.state);
  } finally {
    release();
  }
  context.steps.line(`Deleted all data in ${folder}.`);
  return 0;
}
