import type { ContextEntry } from '@slipway/domain';
import type { Runtime } from '../data/load-runtimes';
import {
  packageManagerOrders,
  type PackageManager,
  type PackageManagerOrders,
} from '../detect/package-manager';
import { jsonText, jsonTexts, textOf } from '../detect/source-files';
import { OWN_FOLDER, type Start } from './image-plan';

export interface BuildInput {
  runtime: Runtime;
  start: Start;
  packageManager?: PackageManager;
  /** The source's files and the supplied ones. */
  entries: readonly ContextEntry[];
  /** The source had no manifest. */
  supplied: boolean;
  /** Paths of the wrapper's files in the context; none where no wrapper is used. */
  wrapper: readonly string[];
}

export interface BuildSteps {
  /** File of the runtime's folder. */
  template: string;
  values: StepValues;
}

/** What a build stage does, as the values of a Dockerfile's template; empty where there is nothing to do. */
interface StepValues {
  environment: string;
  package_manager: string;
  /** What is copied before the installation: the manifests, or all of the source where it reads more. */
  manifests: string;
  folders: readonly string[];
  install: string;
  /** What is copied after it. */
  source: string;
  build: string;
  finish: string;
  /** Where the build stage has the finished source. */
  app: string;
  /** Where it has the installed packages, if they do not lie elsewhere by themselves. */
  packages: string;
}

type Mounts = Pick<Runtime['image'], 'secrets' | 'caches'>;

/**
 * The steps of a build. What is only installed and started is copied to a folder of its own behind the installation; what is
 * built, or installed from the whole source, is finished in place. Neither a package manager nor development dependencies
 * reach the last stage; where there are none, one stage will do.
 */
export function buildSteps(input: BuildInput): BuildSteps {
  const { runtime, start, packageManager } = input;
  const { image } = runtime;
  const orders = packageManager && packageManagerOrders(runtime, packageManager);
  const install = installCommand(input, orders);
  const installed = install !== '';
  const script = orders && hasBuildScript(input) ? orders : undefined;
  const sourceFirst = needsSource(input);
  const managerInstall = installed ? packageManagerInstall(runtime, orders) : '';
  const plain = script || managerInstall !== '' ? undefined : image.plain_dockerfile;
  const inPlace = sourceFirst || script !== undefined || plain !== undefined;
  const app = inPlace ? '/app' : '/source';
  const packages = installed ? image.packages_folder : '';
  const mounts = orders?.mounts ?? image;
  const compiled = start.kind === 'dockerfile' ? '' : (image.build[start.kind] ?? '');
  const finish = [
    `rm -rf ${app}/${OWN_FOLDER}`,
    // Packages are a layer of their own, which a change of the source leaves as it is.
    packages !== '' && inPlace && !plain ? `mv ${packages} /${packages}` : '',
    image.compile.replaceAll('{app}', app),
  ];
  const values = {
    environment: installed ? assignments(orders?.environment ?? {}) : '',
    package_manager: managerInstall,
    ...(sourceFirst
      ? { manifests: '.', folders: [], source: '' }
      : { ...manifestsOf(input, installed), source: '.' }),
    // Where there are no dependencies no folder is made for them, but the last stage copies it.
    install: mounted(
      { ...mounts, caches: script ? [] : mounts.caches },
      steps([install, packages === '' ? '' : `mkdir -p ${packages}`]),
    ),
    build: script ? joined(script.build) : mounted(image, compiled),
    // A build script may have changed what runs here: no credentials, and what is needed is in the caches.
    finish: steps([script ? joined(script.prune) : '', ...finish]),
    app,
    packages: packages === '' ? '' : (inPlace ? '/' : '/app/') + packages,
  };
  return { template: plain ?? 'Dockerfile', values };
}

/**
 * Credentials reach a step as files that are mounted while it runs, and never as a part of a layer. Caches are removed and
 * not mounted: what is mounted is shared by all builds, and no tenant may fill it for another.
 */
export function mounted({ secrets, caches }: Mounts, command: string): string {
  if (command === '') return '';
  const mounts = secrets.map(({ id, target }) => `--mount=type=secret,id=${id},target=${target}`);
  return [...mounts, steps([command, caches.length > 0 ? `rm -rf ${caches.join(' ')}` : ''])].join(' ');
}

function installCommand(input: BuildInput, orders: PackageManagerOrders | undefined): string {
  const { runtime, supplied, wrapper } = input;
  const found = installOf(input);
  const own = (supplied ? found?.run_supplied : found?.run) ?? '';
  if (own !== '')
    return own.replace('{wrapper}', wrapper.length > 0 ? runtime.image.wrapper_option : '').trim();
  if (!orders || supplied) return '';
  return joined(hasBuildScript(input) ? orders.installToBuild : orders.install);
}

function installOf({ runtime, entries }: BuildInput): Runtime['image']['installs'][number] | undefined {
  return runtime.image.installs.find(({ file }) => isPresent(entries, file));
}

function hasBuildScript({ runtime: { manifest }, entries, supplied }: BuildInput): boolean {
  if (supplied || manifest.build_script === undefined) return false;
  return jsonText(entries, manifest.file, manifest.build_script) !== undefined;
}

/** Some installations read more than the manifests: then a layer of packages cannot be reused when the source changes. */
function needsSource(input: BuildInput): boolean {
  const { manifest } = input.runtime;
  const install = installOf(input);
  if (input.supplied && install && install.run_supplied !== install.run) return true;
  const read = [install?.file, ...manifest.companions];
  return manifest.needs_source.some(({ file, json, pattern }) => {
    if (!read.includes(file)) return false;
    const texts = json ? jsonTexts(input.entries, file, json) : [textOf(input.entries, file) ?? ''];
    return texts.some((text) => pattern.test(text));
  });
}

function manifestsOf(
  { runtime: { manifest }, entries, packageManager }: BuildInput,
  installed: boolean,
): Pick<StepValues, 'manifests' | 'folders'> {
  if (!installed) return { manifests: '', folders: [] };
  const locks = packageManager ? [packageManager.lockFile ?? ''] : manifest.lock_files;
  const files = [manifest.file, ...manifest.others, ...locks, ...manifest.companions];
  return {
    manifests: files.filter((file) => isPresent(entries, file)).join(' '),
    folders: manifest.companion_folders.filter((folder) =>
      entries.some(({ path }) => path.startsWith(`${folder}/`)),
    ),
  };
}

function packageManagerInstall({ image }: Runtime, orders: PackageManagerOrders | undefined): string {
  if (orders?.package === undefined) return '';
  return mounted(image, image.package_manager_install.replace('{package}', orders.package));
}

function isPresent(entries: readonly ContextEntry[], file: string): boolean {
  return entries.some(({ path }) => path === file);
}

function assignments(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function joined(commands: readonly string[][]): string {
  return steps(commands.map((command) => command.join(' ')));
}

function steps(commands: readonly string[]): string {
  return commands.filter((command) => command !== '').join(' && ');
}
