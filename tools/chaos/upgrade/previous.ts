import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from '../../bootstrap/build-bundles.ts';
import type { Context } from '../../bootstrap/context.ts';
import { installDependencies } from '../../bootstrap/launch/dependencies.mjs';
import { Refusal } from '../../bootstrap/refusal.ts';
import { removeTree } from '../../bootstrap/remove-tree.ts';
import { runProgram, type RunResult } from '../../bootstrap/run-program.ts';

const NAMED_IN = join('tools', 'chaos', 'previous');
const COMMIT = /^[0-9a-f]{40}$/;

/** The commit whose apps are upgraded from. Throws a Refusal where none is named. */
export function previousCommit(root: string): string {
  const path = join(root, NAMED_IN);
  const commit = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (COMMIT.test(commit)) return commit;
  throw new Refusal(
    `${NAMED_IN} does not name the commit to upgrade from: write its 40 hexadecimal digits there.`,
  );
}

function git(context: Context, args: readonly string[]): Promise<RunResult> {
  return runProgram('git', args, { cwd: context.root, env: context.env, signal: context.signal });
}

/** Throws a Refusal where this clone does not hold the commit. */
export async function requireCommit(context: Context, commit: string): Promise<void> {
  const { code, output } = await git(context, ['cat-file', '-e', `${commit}^{commit}`]);
  if (code === 0) return;
  throw new Refusal(
    `The commit ${commit} of ${NAMED_IN} is not in this clone (${output.trim()}): ` +
      'a shallow clone gets it by git fetch --unshallow, any other one by git fetch origin.',
  );
}

/** Unpacked under another name and renamed: what was cut short leaves nothing that looks finished. */
async function unpack(context: Context, commit: string, folder: string): Promise<void> {
  const draft = `${folder}.draft`;
  removeTree(draft);
  mkdirSync(draft, { recursive: true });
  const archive = join(draft, 'archive.tar');
  const packed = await git(context, ['archive', '--output', archive, commit]);
  if (packed.code !== 0) throw new Refusal(`${commit} could not be read: ${packed.output.trim()}`);
  const { code, output } = await runProgram('tar', ['-xf', archive, '-C', draft], { signal: context.signal });
  if (code !== 0) throw new Refusal(`${commit} could not be unpacked: ${output.trim()}`);
  removeTree(archive);
  renameSync(draft, folder);
}

/** The packages of this clone where the lock is the same, else its own. */
async function provideDependencies(context: Context, folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  const lockOf = (root: string): string => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (lockOf(folder) === lockOf(context.root)) {
    if (!existsSync(modules)) symlinkSync(join(context.root, 'node_modules'), modules);
    return;
  }
  const { env, signal } = context;
  const code = await installDependencies(folder, async (command: string, args: readonly string[]) => {
    const ran = await runProgram(command, args, { cwd: folder, env, signal, output: 'inherit' });
    return ran.code;
  });
  if (code !== 0) throw new Refusal(`The dependencies of the earlier commit could not be installed.`);
}

/** Builds the apps of the commit that `tools/chaos/previous` names, once; returns the folder of their bundles. */
export async function previousBundles(context: Context): Promise<string> {
  const commit = previousCommit(context.root);
  await requireCommit(context, commit);
  const folder = join(context.state.folder, `previous-${commit.slice(0, 12)}`);
  if (!existsSync(folder)) await unpack(context, commit, folder);
  await provideDependencies(context, folder);
  await buildBundles({ ...context, root: folder });
  return join(folder, 'dist', 'apps');
}
