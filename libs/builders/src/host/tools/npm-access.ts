import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildFailure } from '../program/build-failure';

type Environment = Readonly<Record<string, string | undefined>>;

const REGISTRY = /^npm_config_registry$/i;
const USER_CONFIG = /^npm_config_userconfig$/i;

/**
 * The environment of npm, pnpm and Yarn for a registry whose address holds credentials. None of them reads those
 * everywhere, so they get them the way each knows: in a settings file in `folder`, which only this user can read and which
 * must not become part of an image. Fails with `dependency_install` where they are not percent-encoded, and names the
 * variable without its value.
 */
export async function npmAccess(environment: Environment, folder: string): Promise<Environment> {
  const [name, registry] = settingOf(environment, REGISTRY) ?? [];
  if (name === undefined || registry === undefined || !URL.canParse(registry)) return environment;
  const url = new URL(registry);
  const user = [url.username, url.password].map((part) => decoded(part, name)).join(':');
  url.username = url.password = '';
  const others = Object.entries(environment).filter(
    ([other]) => !REGISTRY.test(other) && !USER_CONFIG.test(other),
  );
  const common = { ...Object.fromEntries(others), ...settingsOfOthers(url) };
  const [, given] = settingOf(environment, USER_CONFIG) ?? [];
  if (user === ':')
    return { ...common, npm_config_registry: url.href, ...(given && { npm_config_userconfig: given }) };
  const file = join(folder, 'npmrc');
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${given ? await readFile(given, 'utf8') : ''}\n${credentials(url, user)}`, {
    mode: 0o600,
  });
  return {
    ...common,
    npm_config_registry: url.href,
    npm_config_userconfig: file,
    YARN_NPM_AUTH_IDENT: user,
    YARN_NPM_ALWAYS_AUTH: 'true',
  };
}

/** pnpm from 11 on and Yarn from 2 on do not read npm's variables. */
function settingsOfOthers({ href, protocol, hostname }: URL): Environment {
  return {
    pnpm_config_registry: href,
    YARN_NPM_REGISTRY_SERVER: href,
    ...(protocol === 'http:' ? { YARN_UNSAFE_HTTP_WHITELIST: hostname } : {}),
  };
}

function credentials({ host, pathname }: URL, user: string): string {
  const registry = `//${host}${pathname.endsWith('/') ? pathname : `${pathname}/`}`;
  // Yarn classic shows them for archives only where it is told to.
  return `${registry}:_auth=${Buffer.from(user).toString('base64')}\n${registry}:always-auth=true\n`;
}

function decoded(part: string, variable: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Node's own error would not say which variable it is about.
    throw new BuildFailure(
      'dependency_install',
      `${variable} has a user or password with a % that is not written as %25.`,
    );
  }
}

/** Name and value of the first variable of this name that is not empty. */
function settingOf(environment: Environment, name: RegExp): [string, string | undefined] | undefined {
  return Object.entries(environment).find(([key, value]) => name.test(key) && value);
}
