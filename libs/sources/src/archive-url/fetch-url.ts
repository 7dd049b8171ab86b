import type { IncomingMessage } from 'node:http';
import { SlipwayError, isSlipwayError } from '@slipway/domain';
import type { AddressPolicy, CheckedTarget } from '../address-policy/address-policy';
import type { SourceCredentials } from '../credentials/source-credentials';
import { Deadline } from '../deadline';
import type { SourceLimits } from '../limits';
import { retried } from '../retried';
import { getPinned } from './pinned-request';
import { named, refusedAnswer } from './refused-answer';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface FetchedUrl {
  bytes: Buffer;
  /** Where it was found after all redirects, without its query (which may hold a signature). */
  finalUrl: string;
  etag?: string;
}

export interface FetchOptions {
  policy: AddressPolicy;
  limits: SourceLimits;
  credentials: SourceCredentials;
}

async function body(response: IncomingMessage, url: URL, limit: number): Promise<Buffer> {
  const claimed = Number(response.headers['content-length'] ?? 0);
  if (claimed > limit) {
    throw new SlipwayError(
      'source_too_large',
      `${named(url)} has ${claimed} bytes; at most ${limit} are taken.`,
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > limit)
      throw new SlipwayError('source_too_large', `${named(url)} has more than ${limit} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function redirectOf(response: IncomingMessage, from: URL): string | undefined {
  const { location } = response.headers;
  if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return undefined;
  // What is no URL is passed on as it is, for the policy to refuse.
  return URL.canParse(location, from.href) ? new URL(location, from).href : location;
}

/** The fetching of one URL, by as many requests as it redirects, and tries as may help. */
class UrlFetch {
  private readonly deadline: Deadline;

  constructor(
    private readonly first: string,
    private readonly options: FetchOptions,
  ) {
    this.deadline = new Deadline(options.limits.fetchMs);
  }

  execute(): Promise<FetchedUrl> {
    return retried(this.options.limits.tries, this.deadline, () => this.attempt());
  }

  private async attempt(): Promise<FetchedUrl> {
    const first = await this.checked(this.first);
    let target = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const outcome = await this.step(target);
      if ('bytes' in outcome) return outcome;
      target = await this.checked(outcome.redirect);
    }
    throw new SlipwayError(
      'source_url_refused',
      `${named(first.url)} redirects more than ${MAX_REDIRECTS} times.`,
    );
  }

  private checked(url: string): Promise<CheckedTarget> {
    return this.options.policy.check(url, this.deadline.signal);
  }

  /** One request: what was fetched, or where to look instead. */
  private async step(target: CheckedTarget): Promise<FetchedUrl | { redirect: string }> {
    const { limits, credentials } = this.options;
    const authorization = credentials.authorizationFor(target.url);
    let response: IncomingMessage | undefined;
    try {
      response = await getPinned(target, this.deadline.signal, authorization);
      const redirect = redirectOf(response, target.url);
      if (redirect !== undefined) return { redirect };
      const refused = refusedAnswer(response, target.url, authorization !== undefined);
      if (refused) throw refused;
      const bytes = await body(response, target.url, limits.totalBytes);
      return { bytes, finalUrl: named(target.url), etag: response.headers.etag };
    } catch (error) {
      throw isSlipwayError(error) ? error : this.broken(target.url, error as Error, response !== undefined);
    } finally {
      // Also ends the connection of a body that nobody wants to read to its end.
      response?.destroy();
    }
  }

  private broken(url: URL, cause: Error, answered: boolean): SlipwayError {
    if (this.deadline.signal.aborted) {
      const seconds = this.options.limits.fetchMs / 1000;
      return new SlipwayError('source_timeout', `${named(url)} did not deliver within ${seconds} s.`, {
        cause,
      });
    }
    if (!answered)
      return new SlipwayError('source_unreachable', `${named(url)} failed: ${cause.message}.`, { cause });
    const message = `${named(url)} ended before all of it had arrived: ${cause.message}.`;
    return new SlipwayError('source_truncated', message, { cause });
  }
}

/**
 * Fetches a URL within the limits of time (one deadline over all tries, redirects and the body) and size. Each redirect
 * is checked like the first address, and gets no credentials but those of its own scheme, host and port.
 */
export function fetchUrl(url: string, options: FetchOptions): Promise<FetchedUrl> {
  return new UrlFetch(url, options).execute();
}
