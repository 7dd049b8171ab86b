import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadRuntimes, wrapperOf, type Runtimes, type Wrapper } from '@slipway/runtimes';
import { hostEnvironment, type HostEnvironment } from '../config';
import { maskCredentials } from '../program/credentials';
import { exists } from '../tools/exists';
import { majorOf, nearestNode, nodePrograms } from '../tools/node-programs';
import { npmAccess } from '../tools/npm-access';
import { npmCommand } from '../tools/npm-command';

export interface PrepareWrapperInput {
  runtimesDir: string;
  family: string;
  version: string;
  wrappersDir: string;
  /** What npm is run with; this process's own by default. */
  environment?: HostEnvironment;
}

/** The wrapper that a Node version is served through; undefined where it has none. */
export function nodeWrapper(runtimes: Runtimes, version: string): Wrapper | undefined {
  const major = majorOf(version);
  const known = runtimes
    .find(({ family }) => family === 'nodejs')
    ?.versions.some((each) => each.version === major);
  return known ? wrapperOf(runtimes, { family: 'nodejs', version: major }) : undefined;
}

/**
 * Installs the wrappers that a function of this runtime may be built for, unless they are there. Trusted: no code of a user
 * runs here. Several may do it at once. Wrappers of other languages are installed into each image.
 */
export async function prepareWrapper(input: PrepareWrapperInput): Promise<void> {
  if (input.family !== 'nodejs') return;
  const runtimes = loadRuntimes(input.runtimesDir);
  const environment = input.environment ?? hostEnvironment();
  const nodes = nodePrograms(environment.searchPath);
  // The builder runs as another user, who may see fewer of them: its own Node is the one that is always there.
  const wanted = [nearestNode(nodes, input.version).version, process.versions.node];
  await mkdir(input.wrappersDir, { recursive: true, mode: 0o755 });
  for (const version of new Set(wanted)) {
    const wrapper = nodeWrapper(runtimes, version);
    const node = nodes.find((each) => each.version === version);
    if (wrapper && node) await install(wrapper, input.wrappersDir, node.path, environment);
  }
}

async function install(
  wrapper: Wrapper,
  wrappersDir: string,
  node: string,
  { variables, searchPath }: HostEnvironment,
): Promise<void> {
  const folder = join(wrappersDir, wrapper.id);
  if (await exists(folder)) return;
  const fresh = join(wrappersDir, `.new-${randomUUID()}`);
  await mkdir(fresh, { mode: 0o755 });
  try {
    for (const { path, content } of wrapper.files) await writeFile(join(fresh, path), content);
    const [program, ...npm] = npmCommand(node, searchPath);
    const args = [...npm, 'ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    // Beside the wrappers, which every function may read.
    const cache = join(wrappersDir, '.npm');
    const env = {
      ...(await npmAccess(variables, cache)),
      npm_config_cache: cache,
      npm_config_update_notifier: 'false',
    };
    await promisify(execFile)(program, args, { cwd: fresh, env }).catch(refuseMasked);
    await closeForWriting(fresh);
    await rename(fresh, folder);
  } catch (error) {
    await openForWriting(fresh);
    await rm(fresh, { recursive: true, force: true });
    // Another one was faster: its wrapper is the same, for the id says so.
    if (await exists(folder)) return;
    throw error;
  }
}

/** npm repeats its settings in what it complains of. */
function refuseMasked(error: Error): never {
  throw new Error(maskCredentials(error.message));
}

async function closeForWriting(path: string): Promise<void> {
  const own = await lstat(path);
  if (own.isSymbolicLink()) return;
  if (own.isDirectory()) for (const name of await readdir(path)) await closeForWriting(join(path, name));
  await chmod(path, own.isDirectory() || (own.mode & 0o100) !== 0 ? 0o555 : 0o444);
}

async function openForWriting(path: string): Promise<void> {
  const own = await lstat(path);
  if (!own.isDirectory()) return;
  await chmod(path, 0o755);
  for (const name of await readdir(path)) await openForWriting(join(path, name));
}
