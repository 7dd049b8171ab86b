import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildFailure } from '../build-failure';

/** The parts of a package.json that decide how it is built. */
export interface NodePackage {
  /** It has dependencies, or scripts that belong to an installation. */
  needsInstall: boolean;
  buildScript: boolean;
  startScript: string;
  /** The hash behind the version in `packageManager`, such as `sha512.{hex}`. */
  packageManagerHash?: string;
}

const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'workspaces'];

/** Fails with a BuildFailure where the file is not JSON. */
export async function readNodePackage(app: string): Promise<NodePackage> {
  const value = parse(await readFile(join(app, 'package.json'), 'utf8'));
  const scripts = record(value['scripts']);
  const [, packageManagerHash] = /\+(sha\d+\.[0-9a-f]+)$/.exec(String(value['packageManager'])) ?? [];
  return {
    needsInstall:
      DEPENDENCIES.some((name) => Object.keys(record(value[name])).length > 0) ||
      INSTALL_SCRIPTS.some((name) => typeof scripts[name] === 'string'),
    buildScript: typeof scripts['build'] === 'string',
    startScript: typeof scripts['start'] === 'string' ? scripts['start'] : '',
    ...(packageManagerHash === undefined ? {} : { packageManagerHash }),
  };
}

function parse(json: string): Record<string, unknown> {
  try {
    return record(JSON.parse(json));
  } catch (error) {
    throw new BuildFailure('dependency_install', `package.json is not valid JSON: ${String(error)}`);
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
