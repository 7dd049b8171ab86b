import { lookup as resolveName } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SlipwayError } from '@slipway/domain';
import { PublicAddresses } from './blocked-addresses';

export interface Address {
  address: string;
  family: number;
}

/** All addresses of a name. */
export type Resolver = (host: string) => Promise<Address[]>;

/** A URL, and the addresses that were checked and may be connected to; at least one. */
export interface CheckedTarget {
  url: URL;
  addresses: readonly Address[];
}

export interface AddressPolicyOptions {
  /** `host` or `host:port` that may be plain http, have any port (or that one), and be private. */
  httpHosts: readonly string[];
  resolve?: Resolver;
}

const NO_USER_HINT =
  'Leave user and password out of the address; the operator sets credentials for each host in SOURCE_CREDENTIALS_FILE.';

function refuse(url: URL, why: string, hint?: string): never {
  throw new SlipwayError('source_url_refused', `The address ${url.protocol}//${url.host} ${why}.`, { hint });
}

function parsed(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  // The text itself stays out of the message: it may hold a password.
  throw new SlipwayError('source_url_refused', 'The address of the source is not an absolute URL.');
}

function unresolved(url: URL, cause?: unknown): SlipwayError {
  return new SlipwayError('source_unreachable', `The host ${url.hostname} cannot be resolved.`, { cause });
}

function unresolvedInTime(url: URL, cause: unknown): SlipwayError {
  return new SlipwayError('source_timeout', `The host ${url.hostname} was not resolved in time.`, { cause });
}

/** A look-up takes no signal, so it is left behind when the time is over. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Decides which addresses a source may be fetched from. A name is resolved once, and what was checked is connected to. */
export class AddressPolicy {
  private readonly publicAddresses = new PublicAddresses();
  private readonly resolve: Resolver;
  private readonly listed: ReadonlySet<string>;

  constructor(options: AddressPolicyOptions) {
    this.resolve = options.resolve ?? ((host) => resolveName(host, { all: true, verbatim: true }));
    this.listed = new Set(
      options.httpHosts.map((host) => host.trim().toLowerCase()).filter((host) => host !== ''),
    );
  }

  /**
   * Fails with `source_url_refused` naming host and reason, with `source_unreachable` where the name has no address, and
   * with `source_timeout` where none came before the signal.
   */
  async check(text: string, signal: AbortSignal): Promise<CheckedTarget> {
    const url = parsed(text);
    const listed = this.isListed(url);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse(url, 'is not https');
    if (url.username || url.password) refuse(url, 'carries a user or password', NO_USER_HINT);
    if (url.protocol === 'http:' && !listed) refuse(url, 'is not https');
    if (url.port !== '' && !listed) refuse(url, 'has a port of its own');
    const addresses = await this.addressesOf(url, signal);
    if (!listed) this.assertPublic(url, addresses);
    return { url, addresses };
  }

  /** One private address among public ones is how rebinding begins, so all must be public. */
  private assertPublic(url: URL, addresses: readonly Address[]): void {
    for (const { address } of addresses) {
      const objection = this.publicAddresses.objectionTo(address);
      // The address itself is not told: it would map the internal names of a network.
      if (objection) refuse(url, `belongs to a ${objection} address`);
    }
  }

  private isListed(url: URL): boolean {
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return this.listed.has(url.hostname) || this.listed.has(`${url.hostname}:${port}`);
  }

  private async addressesOf(url: URL, signal: AbortSignal): Promise<Address[]> {
    // A URL's parser has brought every spelling of an IPv4 address (hexadecimal, octal, short) into the usual form.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    try {
      const found = await Promise.race([this.resolve(host), abortOf(signal)]);
      if (found.length > 0) return found;
    } catch (error) {
      throw signal.aborted ? unresolvedInTime(url, error) : unresolved(url, error);
    }
    throw unresolved(url);
  }
}
