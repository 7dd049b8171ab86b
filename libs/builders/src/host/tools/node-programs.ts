import { execFileSync } from 'node:child_process';
import { hostEnvironment } from '../config';
import { byNearness } from './nearest-version';
import { programsNamed } from './find-programs';

export interface NodeProgram {
  path: string;
  version: string;
}

/** The Node that runs this program, and those on the search path. */
export function nodePrograms(searchPath: string): NodeProgram[] {
  const own = { path: process.execPath, version: process.versions.node };
  const others = programsNamed('node', searchPath).filter((path) => path !== own.path);
  return [own, ...others.map(nodeAt).filter((node) => node !== undefined)];
}

/** The best of them for a wanted version. */
export function nearestNode(nodes: readonly NodeProgram[], wanted: string): NodeProgram {
  const order = byNearness(wanted);
  const [best] = [...nodes].sort((a, b) => order(a.version, b.version));
  if (!best) throw new Error('there is no Node at all');
  return best;
}

/** A Node of the same major version on PATH. */
export function nodeForVersion(
  version: string,
  searchPath = hostEnvironment().searchPath,
): string | undefined {
  return nodePrograms(searchPath).find((node) => majorOf(node.version) === majorOf(version))?.path;
}

export function majorOf(version: string): string {
  return version.split('.')[0] ?? '';
}

function nodeAt(path: string): NodeProgram | undefined {
  try {
    const printed = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [, version] = /^v(\d+\.\d+\.\d+)/.exec(printed) ?? [];
    return version === undefined ? undefined : { path, version };
  } catch {
    // A program of that name that does not run is no Node.
    return undefined;
  }
}
