import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const REGISTRY = /^npm_config_registry$/i;
const USER_CONFIG = /^npm_config_userconfig$/i;

/**
 * The environment of npm, pnpm and Yarn for a registry whose address holds credentials. None of them reads those
 * everywhere, so they get them the way each knows: in a settings file in `folder`, which only this user can read and which
 * must not become part of an image.
 */
export async function npmAccess(environment: Environment, folder: string): Promise<Environment> {
  const registry = valueOf(environment, REGISTRY);
  if (registry === undefined || !URL.canParse(registry)) return environment;
  const url = new URL(registry);
  const user = [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = url.password = '';
  const others = Object.entries(environment).filter(
    ([name]) => !REGISTRY.test(name) && !USER_CONFIG.test(name),
  );
  const common = { ...Object.fromEntries(others), ...settingsOfOthers(url) };
  const given = valueOf(environment, USER_CONFIG);
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

function valueOf(environment: Environment, name: RegExp): string | undefined {
  return Object.entries(environment).find(([key, value]) => name.test(key) && value)?.[1];
}
