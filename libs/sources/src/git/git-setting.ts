import { isIP } from 'node:net';
import { SlipwayError } from '@slipway/domain';
import type { CheckedTarget } from '../address-policy/address-policy';
import type { SourceLimits } from '../limits';

/** Below it git does not work properly. */
const LEAST_MEMORY = 64 * 1024 * 1024;

/**
 * The repository's URL as git gets it: as our parser reads it, so that no spelling means one host to us and another to
 * git. Fails with `source_url_refused` where there is more to it than host and path.
 */
export function repositoryUrl({ url }: CheckedTarget): string {
  if (url.search !== '' || url.hash !== '') {
    throw new SlipwayError(
      'source_url_refused',
      `The address ${url.origin}${url.pathname} carries a query or a fragment, which a repository's does not.`,
      { hint: 'Give the URL without what begins at "?" or "#"; branch, tag or commit go into source.ref.' },
    );
  }
  return `${url.protocol}//${hostOf(url)}${url.port && `:${url.port}`}${url.pathname}`;
}

/** The dot that may end a full name is dropped: libcurl would not find the name with it among the pinned ones. */
function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

/**
 * What lets git send credentials to one repository, and nowhere else. It goes by git's environment, which on Linux only
 * the same user can read (proc(5), "/proc/pid/environ"): arguments are open to everybody, a file would outlive a crash, and
 * a credential helper knows no Bearer before git 2.46.
 */
export function authorizing(url: string, authorization: string | undefined): Record<string, string> {
  if (authorization === undefined) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
  };
}

/** Lets libcurl connect to nothing but the addresses that were checked. */
function pinned({ url, addresses }: CheckedTarget): string[] {
  const host = hostOf(url);
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return [];
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const list = addresses.map(({ address, family }) => (family === 6 ? `[${address}]` : address));
  return [`http.curloptResolve=${host}:${port}:${list.join(',')}`];
}

/** What git is set to, as `key=value`, where its own default would not do. */
export function configurationOf(target: CheckedTarget, limits: SourceLimits): string[] {
  return [
    // Also keeps a repository from naming another host as the place of its objects.
    'http.followRedirects=false',
    ...pinned(target),
    // Should this process be killed, git is to end by itself, also where a server falls silent.
    'http.lowSpeedLimit=1',
    `http.lowSpeedTime=${Math.ceil(limits.fetchMs / 1000)}`,
    // All objects stay in the one compressed file in which they came, whose size is the size that was sent.
    'fetch.unpackLimit=1',
    // Larger contents are checked without being held in memory.
    `core.bigFileThreshold=${limits.fileBytes}`,
    'pack.threads=1',
  ];
}

/**
 * All variables that git sees. Nothing that is set up on the machine reaches it: no credentials, proxies, filters, hooks
 * or rewritten addresses.
 */
export function environmentOf(
  folder: string,
  searchPath: string,
  protocol: string,
  limits: SourceLimits,
): Record<string, string> {
  return {
    PATH: searchPath,
    // Its complaints are read by us.
    LC_ALL: 'C',
    HOME: folder,
    TMPDIR: folder,
    GIT_DIR: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_TERMINAL_PROMPT: '0',
    // Bytes of one allocation: a few bytes sent may claim an object of terabytes.
    GIT_ALLOC_LIMIT: String(Math.max(limits.totalBytes, LEAST_MEMORY)),
  };
}
