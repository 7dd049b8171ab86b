import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, realpath, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { ContextEntry } from '@slipway/domain';
import { loadRuntimes, planContext, resolveRuntime, runtimesFolder } from '@slipway/runtimes';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';

export const RUNTIMES = runtimesFolder();

/** All files below a folder, as a source. */
export async function sourceIn(folder: string): Promise<ContextEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (file: string): Promise<ContextEntry> => ({
    path: file.slice(folder.length + 1),
    executable: false,
    content: await readFile(file),
  });
  return Promise.all(files.map(read));
}

export function source(files: Record<string, string>): ContextEntry[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    executable: false,
    content: Buffer.from(content),
  }));
}

async function archiveOf(entries: readonly ContextEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content } of entries)
    tar.entry({ name: path, mode: 0o644, mtime: new Date(0) }, content);
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}

export interface BuildRun {
  exitCode: number | null;
  lines: string[];
  image: string;
  wrappersDir: string;
}

/**
 * Plans, packs and builds a source as its own process, the way the local platform does, and moves the image away
 * afterwards: an image must not depend on the place where it was built.
 */
export async function buildSource(
  program: string,
  root: string,
  entries: ContextEntry[],
  environment: Readonly<Record<string, string>> = {},
): Promise<BuildRun> {
  const runtimes = loadRuntimes(RUNTIMES);
  const planned = planContext({ runtimes, runtime: resolveRuntime(runtimes, undefined, entries), entries });
  const archive = await archiveOf(planned.entries);
  const work = join(root, 'work');
  await mkdir(work, { recursive: true });
  await writeFile(join(root, 'context.tar.gz'), archive);
  const child = spawn(process.execPath, [program], {
    cwd: work,
    env: {
      ...process.env,
      ...environment,
      HOME: root,
      SLIPWAY_CONTEXT_URL: pathToFileURL(join(root, 'context.tar.gz')).href,
      SLIPWAY_CONTEXT_SHA256: createHash('sha256').update(archive).digest('hex'),
      SLIPWAY_OUTPUT: join(root, 'output'),
      SLIPWAY_CACHE_DIR: join(root, '..', 'cache'),
      SLIPWAY_WRAPPERS_DIR: join(root, '..', 'wrappers'),
      SLIPWAY_RUNTIMES_DIR: RUNTIMES,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const image = join(root, 'image');
  if (exitCode === 0) await rename(join(root, 'output'), image);
  return {
    exitCode,
    lines: (await output).join('').split('\n'),
    image,
    wrappersDir: join(root, '..', 'wrappers'),
  };
}

/** Files of a tree in which a text is found. */
export async function filesThatName(folder: string, text: string): Promise<string[]> {
  const tree = await treeOf(folder);
  return Object.keys(tree).filter((path) => tree[path]?.includes(text));
}

/** Links of a tree that lead nowhere, or out of it. */
export async function strayLinks(folder: string): Promise<string[]> {
  const root = await realpath(folder);
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const strays = links.map(async ({ parentPath, name }) => {
    const target = await realpath(join(parentPath, name)).catch(() => 'nowhere');
    return target.startsWith(`${root}/`) ? [] : [`${name} -> ${target}`];
  });
  return (await Promise.all(strays)).flat();
}

/** Content by path, byte for byte; of a link its target. */
export async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const contents = entries
    .filter((entry) => !entry.isDirectory())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), entry.isFile() ? await readFile(path, 'latin1') : await readlink(path)];
    });
  return Object.fromEntries(await Promise.all(contents)) as Record<string, string>;
}
