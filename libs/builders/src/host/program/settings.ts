import { hostEnvironment } from '../config';
import { toolEnvironment, type ToolEnvironment } from './tool-environment';

export interface HostBuildSettings {
  /** `file://…tar.gz`, or an https address that needs no further right. */
  contextUrl: string;
  contextSha256: string;
  /** Folder to create: the image tree. */
  output: string;
  /** The tenant's own caches. */
  cacheDir: string;
  wrappersDir: string;
  runtimesDir: string;
  /** Empty folder for what is needed during the build only. */
  workDir: string;
  searchPath: string;
  /** What the tools are started with. */
  environment: ToolEnvironment;
}

const REQUIRED = [
  'SLIPWAY_CONTEXT_URL',
  'SLIPWAY_CONTEXT_SHA256',
  'SLIPWAY_OUTPUT',
  'SLIPWAY_CACHE_DIR',
  'SLIPWAY_WRAPPERS_DIR',
  'SLIPWAY_RUNTIMES_DIR',
] as const;

/** Throws an Error that names every variable which is missing. */
export function hostBuildSettings(variables?: NodeJS.ProcessEnv, workDir = process.cwd()): HostBuildSettings {
  const { variables: given, searchPath } = hostEnvironment(variables);
  const missing = REQUIRED.filter((name) => !given[name]);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} must be set`);
  const value = (name: (typeof REQUIRED)[number]): string => given[name] ?? '';
  const cacheDir = value('SLIPWAY_CACHE_DIR');
  return {
    contextUrl: value('SLIPWAY_CONTEXT_URL'),
    contextSha256: value('SLIPWAY_CONTEXT_SHA256'),
    output: value('SLIPWAY_OUTPUT'),
    cacheDir,
    wrappersDir: value('SLIPWAY_WRAPPERS_DIR'),
    runtimesDir: value('SLIPWAY_RUNTIMES_DIR'),
    workDir,
    searchPath,
    environment: toolEnvironment(othersOf(given), cacheDir),
  };
}

/** What is not ours. The address of the context may be a right to read it, which is no matter of the tools. */
function othersOf(given: ToolEnvironment): ToolEnvironment {
  const own: readonly string[] = REQUIRED;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !own.includes(name)));
}
