import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runtimeDefinition, type RuntimeDefinition, type RuntimeVersion } from './runtime-definition';

/** A runtime as its folder describes it. */
export interface Runtime extends RuntimeDefinition {
  folder: string;
}

/** All runtimes, the preferred ones first. */
export type Runtimes = readonly Runtime[];

/** The family, and the version by its short name, such as nodejs and 24. */
export interface RuntimeChoice {
  family: string;
  version: string;
}

/** What is built where a source gives no hint at all. */
export const DEFAULT_FAMILY = 'nodejs';

const DEFINITION = 'runtime.yaml';

/** The folder with the runtimes' data: beside a bundle, else this library's own. */
export function runtimesFolder(): string {
  const bundled = join(__dirname, 'runtimes');
  return existsSync(bundled) ? bundled : join(__dirname, '..', '..');
}

/** Reads every `{folder}/{name}/runtime.yaml`. Throws an Error that names the file and the field which is wrong. */
export function loadRuntimes(folder: string): Runtimes {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, DEFINITION)))
    .map((entry) => entry.name)
    .sort((a, b) => Number(b === DEFAULT_FAMILY) - Number(a === DEFAULT_FAMILY) || (a < b ? -1 : 1));
  if (names.length === 0) throw new Error(`${folder} holds no runtime: no folder in it has a ${DEFINITION}.`);
  return names.map((name) => loadRuntime(join(folder, name)));
}

function loadRuntime(folder: string): Runtime {
  const file = join(folder, DEFINITION);
  try {
    const runtime = runtimeDefinition(parse(readFileSync(file, 'utf8')), '');
    if (!runtime.versions.some(({ version }) => version === runtime.default_version)) {
      throw new Error(`default_version: expected one of versions`);
    }
    return { ...runtime, folder };
  } catch (error) {
    throw new Error(`${file} is not a runtime: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The runtime of a family that is known to exist. */
export function runtimeOf(runtimes: Runtimes, family: string): Runtime {
  const found = runtimes.find((runtime) => runtime.family === family);
  if (!found) throw new Error(`there is no runtime ${family}`);
  return found;
}

export function versionOf(runtimes: Runtimes, choice: RuntimeChoice): RuntimeVersion {
  const found = runtimeOf(runtimes, choice.family).versions.find(({ version }) => version === choice.version);
  if (!found) throw new Error(`there is no runtime ${choice.family}${choice.version}`);
  return found;
}
