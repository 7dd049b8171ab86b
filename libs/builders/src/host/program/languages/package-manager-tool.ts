import { createHash, getHashes } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeProgram } from '../../tools/node-programs';
import { npmCommand } from '../../tools/npm-command';
import { BuildFailure } from '../build-failure';
import { keptFolder } from '../kept-folder';
import type { LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';

export interface PackageManagerTool {
  /** npm, pnpm or yarn: the program's name. */
  name: string;
  /** `name@version` in the registry. */
  package: string;
  /** What `packageManager` names behind the version, such as `sha512.{hex}`. */
  hash?: string;
}

const PROGRAMS = join('node_modules', '.bin');
/** Corepack fetches this Yarn as one file, and hashes that; of the others it hashes the archive. */
const ONE_FILE = { package: '@yarnpkg/cli-dist', file: 'bin/yarn.js' };

/**
 * The folder with the programs of a package manager in exactly this version. It is fetched once, from the registry that is
 * configured, whose own hashes npm checks; nothing of it runs on the way. Fails with `dependency_install`.
 */
export async function packageManagerPrograms(
  build: LanguageBuild,
  node: NodeProgram,
  tool: PackageManagerTool,
): Promise<string> {
  const folder = join(build.settings.cacheDir, 'package-managers', folderName(tool));
  await keptFolder(folder, join(PROGRAMS, tool.name), async (fresh) => {
    build.say('tool', tool.package);
    await mkdir(fresh);
    // A root of its own: npm would otherwise look for one in the folders above.
    await writeFile(join(fresh, 'package.json'), '{"private":true}');
    await npm(build, node, fresh, ['install', '--ignore-scripts', '--no-audit', '--no-fund', tool.package]);
    if (tool.hash !== undefined) checkHash(tool, tool.hash, await hashedBytes(build, node, fresh, tool));
  });
  return join(folder, PROGRAMS);
}

/** By a digest: version and hash are the source's own words, of any length. */
export function folderName({ name, package: version, hash = '' }: PackageManagerTool): string {
  return `${name}-${createHash('sha256').update(`${version}+${hash}`).digest('hex')}`;
}

async function npm(build: LanguageBuild, node: NodeProgram, cwd: string, args: string[]): Promise<void> {
  const { environment, searchPath } = build.settings;
  const [program, ...first] = npmCommand(node.path, searchPath);
  const title = `npm ${args[0]} ${args.at(-1)}`;
  await runTool({ program, args: [...first, ...args], cwd, environment, code: 'dependency_install', title });
}

async function hashedBytes(
  build: LanguageBuild,
  node: NodeProgram,
  folder: string,
  tool: PackageManagerTool,
): Promise<Buffer> {
  if (tool.package.startsWith(`${ONE_FILE.package}@`))
    return readFile(join(folder, 'node_modules', ONE_FILE.package, ONE_FILE.file));
  await npm(build, node, folder, ['pack', '--silent', tool.package]);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  return readFile(join(folder, archive ?? ''));
}

function checkHash(tool: PackageManagerTool, wanted: string, bytes: Buffer): void {
  const [algorithm = '', hex = ''] = wanted.split('.');
  if (!getHashes().includes(algorithm))
    throw new BuildFailure('source_invalid', 'package.json#packageManager names an unknown kind of hash.');
  const found = createHash(algorithm).update(bytes).digest('hex');
  if (found !== hex)
    throw new BuildFailure(
      'dependency_install',
      `${tool.package} has the ${algorithm} ${found}, but package.json#packageManager names another.`,
    );
}
