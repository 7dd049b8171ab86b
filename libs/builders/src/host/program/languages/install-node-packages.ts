import { mkdir, readFile, readdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import {
  packageManagerOf,
  packageManagerOrders,
  type PackageManager,
  type PackageManagerOrders,
  type Runtime,
} from '@slipway/runtimes';
import { satisfies } from 'semver';
import type { BuildFailureCode } from '../../outcome/log-lines';
import type { NodeProgram } from '../../tools/node-programs';
import { programsNamed } from '../../tools/find-programs';
import { BuildFailure } from '../build-failure';
import { exists } from '../../tools/exists';
import type { LanguageBuild } from '../language-build';
import { runTool } from '../run-tool';
import { settingsOfPnpm, withoutCredentials, type ToolEnvironment } from '../tool-environment';
import type { NodePackage } from './node-package';
import { packageManagerPrograms } from './package-manager-tool';
import { removeInstallerTraces } from './installer-traces';

/** Installs a source's packages with its package manager, runs its build script, and leaves what production needs. */
export async function installNodePackages(
  build: LanguageBuild,
  node: NodeProgram,
  manifest: NodePackage,
): Promise<void> {
  const runtime = runtimeOf(build);
  const manager = await managerOf(build, runtime);
  if (!manifest.buildScript && !manifest.needsInstall && manager.lockFile === undefined) {
    build.say('install', 'no dependencies');
    return;
  }
  const orders = packageManagerOrders(runtime, manager);
  refuseNode(node, manager, orders);
  if (orders.prune.length === 0)
    build.say('note', `${manager.name} ${manager.version} cannot leave development dependencies out`);
  const programs = await programsOf(build, node, manager, orders, manifest);
  const environment = {
    ...build.settings.environment,
    ...(manager.name === 'pnpm' ? settingsOfPnpm(build.settings.cacheDir) : {}),
    ...orders.environment,
    PATH: [...programs, build.settings.searchPath].join(delimiter),
  };
  const run = (commands: string[][], code: BuildFailureCode): Promise<void> =>
    runAll(build, environment, commands, code);
  if (manifest.buildScript) {
    await run(orders.installToBuild, 'dependency_install');
    await run(orders.build, 'build_command');
    await run(orders.prune, 'dependency_install');
  } else {
    await run(orders.install, 'dependency_install');
  }
  await removeInstallerTraces(build.app, manager.lockFile !== undefined);
}

/** Contexts that were planned before there was a choice do not name one. */
async function managerOf({ plan, app }: LanguageBuild, runtime: Runtime): Promise<PackageManager> {
  if (plan.packageManager) return plan.packageManager;
  const names = [runtime.manifest.file, ...runtime.package_managers.flatMap(({ lock_files }) => lock_files)];
  const present = (await readdir(app)).filter((name) => names.includes(name));
  const entries = present.map(async (path) => {
    return { path, executable: false, content: await readFile(join(app, path)) };
  });
  return packageManagerOf(runtime, await Promise.all(entries))?.manager ?? { name: 'npm' };
}

function runtimeOf({ plan, runtimes }: LanguageBuild): Runtime {
  const runtime = runtimes.find(({ family }) => family === plan.runtime.family);
  if (!runtime) throw new Error(`there is no runtime ${plan.runtime.family}`);
  return runtime;
}

function refuseNode(
  node: NodeProgram,
  { name, version }: PackageManager,
  orders: PackageManagerOrders,
): void {
  if (satisfies(node.version, orders.needs)) return;
  throw new BuildFailure(
    'runtime_unsupported',
    `${name} ${version} needs Node ${orders.needs}, and this build uses ${node.version}.`,
  );
}

/** Folders for the front of PATH: the chosen Node, and the package manager where a version of it is named. */
async function programsOf(
  build: LanguageBuild,
  node: NodeProgram,
  { name }: PackageManager,
  orders: PackageManagerOrders,
  { packageManagerHash }: NodePackage,
): Promise<string[]> {
  const own = await ownNodeFolder(build.settings.workDir, node);
  if (orders.package === undefined) return [own];
  const hash = packageManagerHash === undefined ? {} : { hash: packageManagerHash };
  return [own, await packageManagerPrograms(build, node, { name, package: orders.package, ...hash })];
}

async function runAll(
  { app, say }: LanguageBuild,
  environment: ToolEnvironment & { PATH: string },
  commands: string[][],
  code: BuildFailureCode,
): Promise<void> {
  const ownCode = code === 'build_command';
  for (const [name = '', ...args] of commands) {
    say(ownCode ? 'build' : 'install', [name, ...args].join(' '));
    const [program] = programsNamed(name, environment.PATH);
    if (program === undefined) throw new Error(`${name} is not on PATH`);
    await runTool({
      program,
      args,
      cwd: app,
      environment: ownCode ? withoutCredentials(environment) : environment,
      code,
      title: [name, ...args.filter((each) => !each.startsWith('-'))].join(' '),
    });
  }
}

/** A folder in which `node` is the chosen one, for the scripts that packages bring. */
async function ownNodeFolder(workDir: string, node: NodeProgram): Promise<string> {
  const folder = join(workDir, `node-${node.version}`);
  await mkdir(folder, { recursive: true });
  if (!(await exists(join(folder, 'node')))) await symlink(node.path, join(folder, 'node'));
  return folder;
}
