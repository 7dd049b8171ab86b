import { access, mkdir, rm, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Start } from '@slipway/runtimes';
import type { BuildFailureCode } from '../../outcome/log-lines';
import { nearestNode, nodePrograms, type NodeProgram } from '../../tools/node-programs';
import { npmCommand } from '../../tools/npm-command';
import { versionNote } from '../../tools/nearest-version';
import { nodeWrapper } from '../../wrapper/prepare-wrapper';
import { BuildFailure } from '../build-failure';
import type { BuildLanguage, BuiltLanguage, LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';
import { readNodePackage, type NodePackage } from './node-package';

/** Installs with npm, runs the build script, and names how the function is started. */
export const buildNodejs: BuildLanguage = async (build) => {
  const { plan, settings, say } = build;
  const node = nearestNode(nodePrograms(settings.searchPath), plan.runtime.version);
  const notes = versionNote(plan.runtime.version, node.version);
  say('runtime', `nodejs ${node.version}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`);
  const manifest = await readNodePackage(build.app);
  await install(build, node, manifest);
  // npm's own record of what it installed names the registry that it was fetched from.
  await rm(join(build.app, 'node_modules', '.package-lock.json'), { force: true });
  return { version: node.version, interpreter: 'nodejs', notes, ...startOf(build, node, manifest) };
};

async function install(build: LanguageBuild, node: NodeProgram, manifest: NodePackage): Promise<void> {
  const locked =
    (await exists(join(build.app, 'package-lock.json'))) ||
    (await exists(join(build.app, 'npm-shrinkwrap.json')));
  const command = locked ? 'ci' : 'install';
  const quiet = ['--no-audit', '--no-fund'];
  if (manifest.buildScript) {
    await npm(build, node, [command, '--include=dev', ...quiet], 'dependency_install');
    await npm(build, node, ['run', 'build'], 'build_command');
    await npm(build, node, ['prune', '--omit=dev', ...quiet], 'dependency_install');
  } else if (locked || manifest.needsInstall) {
    await npm(build, node, [command, '--omit=dev', ...quiet], 'dependency_install');
  } else {
    build.say('install', 'no dependencies');
  }
}

async function npm(
  build: LanguageBuild,
  node: NodeProgram,
  args: string[],
  code: BuildFailureCode,
): Promise<void> {
  const { settings, app, say } = build;
  const title = `npm ${args[0]}`;
  say(code === 'build_command' ? 'build' : 'install', `npm ${args.join(' ')}`);
  const [program, ...first] = npmCommand(node.path, settings.searchPath);
  const environment = {
    ...settings.environment,
    PATH: [await ownNodeFolder(settings.workDir, node), settings.searchPath].join(delimiter),
  };
  await runTool({ program, args: [...first, ...args], cwd: app, environment, code, title });
}

/** A folder in which `node` is the chosen one, for the scripts that packages bring. */
async function ownNodeFolder(workDir: string, node: NodeProgram): Promise<string> {
  const folder = join(workDir, `node-${node.version}`);
  await mkdir(folder, { recursive: true });
  if (!(await exists(join(folder, 'node')))) await symlink(node.path, join(folder, 'node'));
  return folder;
}

function startOf(
  build: LanguageBuild,
  node: NodeProgram,
  manifest: NodePackage,
): Pick<BuiltLanguage, 'args' | 'wrapper'> {
  const { start } = build.plan;
  switch (start.kind) {
    case 'handler':
      return throughWrapper(build, node, start.file);
    case 'script':
      return { args: scriptArgs(manifest.startScript) };
    case 'file':
      return { args: [`{image}/app/${start.file}`] };
    case 'dockerfile':
      throw unsupported(start);
  }
}

function throughWrapper(
  build: LanguageBuild,
  node: NodeProgram,
  file: string,
): Pick<BuiltLanguage, 'args' | 'wrapper'> {
  const wrapper = nodeWrapper(build.runtimes, node.version);
  if (!wrapper)
    throw new BuildFailure('runtime_unsupported', `Node ${node.version} has no middleware for handlers.`);
  return { wrapper: wrapper.id, args: ['{wrapper}/start.mjs', `{image}/app/${file}`] };
}

/** `node file` needs nothing around it. Anything else is run by Node as npm would, without npm. */
function scriptArgs(script: string): string[] {
  const [, file] = /^node\s+(?:\.\/)?([\w@.-]+(?:\/[\w@.-]+)*)$/.exec(script.trim()) ?? [];
  return file === undefined || file.split('/').includes('..') ? ['--run', 'start'] : [`{image}/app/${file}`];
}

function unsupported({ kind }: Start): BuildFailure {
  return new BuildFailure('builder_unsupported', `The host builder cannot start a ${kind}.`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
