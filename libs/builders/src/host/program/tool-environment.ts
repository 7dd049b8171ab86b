import { join } from 'node:path';
import { removeCredentials } from './credentials';

export type ToolEnvironment = Readonly<Record<string, string | undefined>>;

/** What package managers are started with: what the operator gave, with every cache in the tenant's own folder. */
export function toolEnvironment(given: ToolEnvironment, cacheDir: string): ToolEnvironment {
  return { ...given, ...cacheVariables(cacheDir) };
}

const SETTINGS_FILES = /^(npm_config_(user|global)config|pip_config_file|netrc|goauth)$/i;
const SECRETS = /(_auth|_authtoken|_password|_auth_token|_auth_ident|_key|_cert|_otp|:keyfile|:certfile)$/i;

/**
 * The same for what the source itself brings, such as a build script: the packages are there by then, so that it needs no
 * right to fetch any.
 */
export function withoutCredentials(environment: ToolEnvironment): ToolEnvironment {
  const kept = Object.entries(environment).filter(
    ([name]) => !SETTINGS_FILES.test(name) && !SECRETS.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value && removeCredentials(value)]));
}

/** Apart from the rest, for npm warns of settings that it does not know. Up to pnpm 10 they have npm's prefix. */
export function settingsOfPnpm(cacheDir: string): ToolEnvironment {
  const store = join(cacheDir, 'pnpm');
  // It would otherwise ask the registry for itself, even when it only runs a script.
  return { npm_config_store_dir: store, pnpm_config_store_dir: store, pnpm_config_pm_on_fail: 'ignore' };
}

function cacheVariables(cacheDir: string): ToolEnvironment {
  return {
    npm_config_cache: join(cacheDir, 'npm'),
    npm_config_update_notifier: 'false',
    YARN_CACHE_FOLDER: join(cacheDir, 'yarn'),
    YARN_GLOBAL_FOLDER: join(cacheDir, 'yarn-berry'),
    YARN_ENABLE_GLOBAL_CACHE: 'true',
    // A copy of Yarn that the source brings would otherwise run instead of the version that it names.
    YARN_IGNORE_PATH: '1',
    PIP_CACHE_DIR: join(cacheDir, 'pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    GOPATH: join(cacheDir, 'go'),
    GOMODCACHE: join(cacheDir, 'go', 'mod'),
    GOCACHE: join(cacheDir, 'go', 'build'),
  };
}
