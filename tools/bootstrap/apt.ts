import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { runProgram, type RunResult } from './run-program.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const KEPT = `${POLICY}.before-slipway`;
const DENY = 'printf "#!/bin/sh\\nexit 101\\n" > "$1" && chmod 755 "$1"';

type RunAsRoot = (command: readonly string[], signal?: AbortSignal) => Promise<RunResult>;

/** How to run a program as root, or undefined where that needs a password or is not possible. */
async function asSuperuser({ env, asRoot }: Context): Promise<RunAsRoot | undefined> {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  if (asRoot) return ([command = '', ...args], signal) => runProgram(command, args, { env, signal });
  if ((await runProgram('sudo', ['-n', 'true'], { env })).code !== 0) return undefined;
  return (command, signal) => runProgram('sudo', ['-n', ...command], { env, signal });
}

/**
 * Debian starts a service as soon as its package is installed, unless this program answers 101. It stands there only
 * while `work` runs; one that the administrator had is put back.
 */
async function withServicesDenied(run: RunAsRoot, work: () => Promise<boolean>): Promise<boolean> {
  if (existsSync(POLICY) && !existsSync(KEPT)) await run(['cp', '-p', POLICY, KEPT]);
  try {
    return (await run(['sh', '-c', DENY, 'sh', POLICY])).code === 0 && (await work());
  } finally {
    // Never aborted: what was put there has to go, above all when the user gave up.
    await run(existsSync(KEPT) ? ['mv', KEPT, POLICY] : ['rm', '-f', POLICY]);
  }
}

/** Installs Debian packages without starting their services. False where that is not possible here. */
export async function aptInstall(context: Context, packages: readonly string[]): Promise<boolean> {
  const run = await asSuperuser(context);
  if (!run) return false;
  const apt = (...args: string[]) =>
    run(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q', ...args], context.signal);
  const install = async () => (await apt('install', '--no-install-recommends', ...packages)).code === 0;
  // A fresh machine or container often has no package lists, or lists that name versions which are gone.
  return withServicesDenied(
    run,
    async () => (await install()) || ((await apt('update')).code === 0 && (await install())),
  );
}

async function download(context: Context, name: string, folder: string): Promise<boolean> {
  const { env, signal } = context;
  const get = async () =>
    (await runProgram('apt-get', ['-q', 'download', name], { cwd: folder, env, signal })).code === 0;
  if (await get()) return true;
  const run = await asSuperuser(context);
  return run !== undefined && (await run(['apt-get', '-q', 'update'], signal)).code === 0 && (await get());
}

/**
 * Unpacks a Debian package into a folder that is not there yet: nothing is installed, and no service of it is ever started.
 * False where that is not possible here.
 */
export async function aptUnpack(context: Context, name: string, folder: string): Promise<boolean> {
  const { env, signal } = context;
  const work = `${folder}.partial`;
  const tree = join(work, 'tree');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    if (!(await download(context, name, work))) return false;
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb')) ?? '';
    const { code } = await runProgram('dpkg-deb', ['-x', join(work, file), tree], { env, signal });
    if (code === 0) renameSync(tree, folder);
    return code === 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
