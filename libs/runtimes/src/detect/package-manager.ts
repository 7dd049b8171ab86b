import { SlipwayError, type ContextEntry } from '@slipway/domain';
import { satisfies, valid } from 'semver';
import type { Runtime } from '../data/load-runtimes';
import type { PackageManagerDefinition } from '../data/package-manager-definition';
import { jsonText, textOf } from './source-files';

/** What installs a source's packages. */
export interface PackageManager {
  /** npm, pnpm or yarn. */
  name: string;
  /** The exact version to use; undefined: the one that comes with the language. */
  version?: string;
  /** Its lock file, where the source has one. */
  lockFile?: string;
}

/** The commands of a package manager: each is a program with its arguments, without a shell. */
export interface PackageManagerOrders {
  /** `name@version` in its registry; undefined where the one that comes with the language is used. */
  package?: string;
  environment: Record<string, string>;
  /** In an image's build: files of registry settings that are mounted, and folders that it keeps for itself. */
  mounts: Pick<PackageManagerDefinition, 'secrets' | 'caches'>;
  /** Versions of the language that it runs on. */
  needs: string;
  /** Without development dependencies. */
  install: string[][];
  /** With development dependencies, before `build`. */
  installToBuild: string[][];
  build: string[][];
  /** Removes development dependencies after `build`. */
  prune: string[][];
}

export interface FoundPackageManager {
  manager: PackageManager;
  /** Remarks for the build's history. */
  notes: string[];
}

const FIELD = 'packageManager';
/** The manager's archive as Corepack checks it; every digit, for the hash is part of names of folders. */
const HASH =
  /^sha(1\.[0-9a-f]{40}|224\.[0-9a-f]{56}|256\.[0-9a-f]{64}|384\.[0-9a-f]{96}|512\.[0-9a-f]{128})$/;
const MAX_LOCK_SCAN = 64 * 1024;

/**
 * The package manager of a source: the manifest's field `packageManager` decides, else the lock file, else the language's
 * own. Undefined where a language has no choice. Fails with `source_invalid` where the field is not `name@exact version` of
 * a known one (as Corepack does), or where the only lock files are those of others: what they fix would be lost unseen.
 */
export function packageManagerOf(
  runtime: Runtime,
  entries: readonly ContextEntry[],
): FoundPackageManager | undefined {
  const managers = runtime.package_managers;
  const fallback = managers.at(-1)?.name;
  if (fallback === undefined) return undefined;
  const locks = presentLocks(managers, entries);
  const named = namedManager(runtime, entries);
  const name = named?.name ?? locks[0]?.name ?? fallback;
  const lockFile = locks.find((lock) => lock.name === name)?.file;
  const unused = locks.filter((lock) => lock.name !== name).map(({ file }) => file);
  if (named && !lockFile && unused.length > 0) throw contradiction(runtime, named, unused);
  const lock = lockFile === undefined ? '' : (textOf(entries, lockFile, MAX_LOCK_SCAN) ?? '');
  const version = named?.version ?? defaultVersion(managers, name, lock);
  const notes = unused.length === 0 ? [] : [unusedNote(runtime, name, unused, named !== undefined)];
  return { manager: { name, ...(version ? { version } : {}), ...(lockFile ? { lockFile } : {}) }, notes };
}

/** What a package manager is told to do. Throws an Error where the runtime does not know it. */
export function packageManagerOrders(runtime: Runtime, manager: PackageManager): PackageManagerOrders {
  const { name, version, lockFile } = manager;
  const found = definitionOf(runtime.package_managers, name, version);
  if (!found) throw new Error(`${runtime.family} has no package manager ${name} ${version ?? ''}`.trim());
  const { definition, release } = found;
  return {
    ...(version === undefined ? {} : { package: `${definition.package}@${version}` }),
    environment: Object.fromEntries(definition.environment.map((each) => each.split(/=(.*)/s).slice(0, 2))),
    mounts: { secrets: definition.secrets, caches: definition.caches },
    needs: version === undefined ? '*' : release.needs,
    install: lockFile ? definition.install_locked : definition.install,
    installToBuild: lockFile ? definition.install_to_build_locked : definition.install_to_build,
    build: definition.build,
    prune: definition.prune,
  };
}

function definitionOf(
  managers: readonly PackageManagerDefinition[],
  name: string,
  version: string | undefined,
):
  | { definition: PackageManagerDefinition; release: PackageManagerDefinition['releases'][number] }
  | undefined {
  for (const definition of managers.filter((each) => each.name === name)) {
    const release = definition.releases.find(
      ({ versions }) => version === undefined || satisfies(version, versions, { includePrerelease: true }),
    );
    if (release) return { definition, release };
  }
  return undefined;
}

function presentLocks(
  managers: readonly PackageManagerDefinition[],
  entries: readonly ContextEntry[],
): { name: string; file: string }[] {
  const nameOf = new Map(managers.flatMap(({ name, lock_files }) => lock_files.map((file) => [file, name])));
  const paths = new Set(entries.map(({ path }) => path));
  return [...nameOf].filter(([file]) => paths.has(file)).map(([file, name]) => ({ name, file }));
}

/** `pnpm@9.1.0`, also with a hash behind it: `pnpm@9.1.0+sha512.{128 hex digits}`. */
function namedManager(
  runtime: Runtime,
  entries: readonly ContextEntry[],
): Required<Pick<PackageManager, 'name' | 'version'>> | undefined {
  const { package_managers: managers, manifest } = runtime;
  const wish = jsonText(entries, manifest.file, FIELD)?.trim();
  if (wish === undefined) return undefined;
  const [, name = '', version = '', hash] = /^([a-z]+)@([^+\s]+)(?:\+(.*))?$/.exec(wish) ?? [];
  if (hash !== undefined && !HASH.test(hash)) {
    const sentence = `${manifest.file}#${FIELD} is "${wish.slice(0, 60)}": behind the + a hash is expected, such as sha512. and its 128 hexadecimal digits, or leave it out.`;
    throw new SlipwayError('source_invalid', sentence);
  }
  if (valid(version) === version && definitionOf(managers, name, version)) return { name, version };
  const known = [...new Set(managers.map((each) => each.name))].join(', ');
  const sentence = `${manifest.file}#${FIELD} is "${wish.slice(0, 60)}": expected the name and exact version of one of ${known}, such as pnpm@10.34.9.`;
  throw new SlipwayError('source_invalid', sentence);
}

function defaultVersion(
  managers: readonly PackageManagerDefinition[],
  name: string,
  lock: string,
): string | undefined {
  const releases = managers.filter((each) => each.name === name).flatMap((each) => each.releases);
  const usual = releases.filter(({ default_version }) => default_version !== undefined);
  const written = usual.find(({ lock_pattern }) => lock !== '' && (lock_pattern?.test(lock) ?? true));
  return (written ?? usual[0])?.default_version;
}

function contradiction(
  { manifest }: Runtime,
  { name, version }: { name: string; version: string },
  unused: string[],
): SlipwayError {
  return new SlipwayError(
    'source_invalid',
    `${manifest.file}#${FIELD} names ${name}@${version}, but the lock file is ${unused.join(', ')}: ` +
      `add the lock file of ${name}, or correct ${FIELD}.`,
  );
}

function unusedNote({ manifest }: Runtime, name: string, unused: string[], named: boolean): string {
  const why = named ? `${manifest.file}#${FIELD} names ${name}` : `${name} is used`;
  const advice = named ? 'remove it' : `remove what is not used, or name one in ${manifest.file}#${FIELD}`;
  return `${unused.join(', ')} is not read, for ${why}: ${advice}`;
}
