import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { takeLock } from './lock.ts';
import { APP_NAMES } from './ports.ts';
import { Refusal } from './refusal.ts';
import { runProgram } from './run-program.ts';
import { treeHash } from './tree-hash.ts';

const SOURCES = ['apps', 'libs', 'tools/build', 'nx.json', 'package-lock.json', 'tsconfig.base.json'];

/** No daemon, no terminal interface, no telemetry: nothing may stay behind or draw over our own lines. */
export const NX_ENVIRONMENT = { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };

/** Builds dist/apps where the sources have changed since the last time. Throws a Refusal with the compiler's last lines. */
export async function buildBundles(context: Context): Promise<'built' | 'unchanged'> {
  const dist = join(context.root, 'dist');
  const stamp = join(dist, '.stamp');
  const hash = treeHash(context.root, SOURCES);
  const complete = APP_NAMES.every((app) => existsSync(join(dist, 'apps', app, 'main.js')));
  if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return 'unchanged';
  mkdirSync(dist, { recursive: true });
  const release = takeLock(
    join(dist, '.lock'),
    (pid) =>
      `Another command (process ${pid}) builds the apps of this clone: wait until it has ended and try again.`,
  );
  try {
    const { code, output } = await runProgram(
      process.execPath,
      [join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', 'build', '--outputStyle=static'],
      { cwd: context.root, env: { ...context.env, ...NX_ENVIRONMENT }, signal: context.signal },
    );
    if (code !== 0)
      throw new Refusal(
        `The apps could not be built (npm run build shows it alone):\n${output.trimEnd().split('\n').slice(-40).join('\n')}`,
      );
    writeFileSync(stamp, hash);
    return 'built';
  } finally {
    release();
  }
}
