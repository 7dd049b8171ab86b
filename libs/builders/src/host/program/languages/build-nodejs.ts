import { join } from 'node:path';
import type { Start } from '@slipway/runtimes';
import { nearestNode, nodePrograms, type NodeProgram } from '../../tools/node-programs';
import { npmAccess } from '../../tools/npm-access';
import { versionNote } from '../../tools/nearest-version';
import { nodeWrapper } from '../../wrapper/prepare-wrapper';
import { BuildFailure } from '../build-failure';
import { exists } from '../../tools/exists';
import type { BuildLanguage, BuiltLanguage, LanguageBuild } from '../language-build';
import { installNodePackages } from './install-node-packages';
import { readNodePackage, type NodePackage } from './node-package';

/** Installs the packages, runs the build script, and names how the function is started. */
export const buildNodejs: BuildLanguage = async (build) => {
  const { plan, settings, say } = build;
  const node = nearestNode(nodePrograms(settings.searchPath), plan.runtime.version);
  const notes = versionNote(plan.runtime.version, node.version);
  say('runtime', `nodejs ${node.version}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`);
  const manifest = await readNodePackage(build.app);
  const environment = await npmAccess(settings.environment, settings.workDir);
  await installNodePackages({ ...build, settings: { ...settings, environment } }, node, manifest);
  await refuseMissingStart(build);
  return { version: node.version, interpreter: 'nodejs', notes, ...startOf(build, node, manifest) };
};

/** A file that the build script was to write. */
async function refuseMissingStart({ plan, app }: LanguageBuild): Promise<void> {
  const { start } = plan;
  if (!('file' in start) || (await exists(join(app, start.file)))) return;
  throw new BuildFailure('build_command', `The build made no ${start.file}, which is to be started.`);
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
