import type { IncomingMessage } from 'node:http';
import { SlipwayError, isSlipwayError } from '@slipway/domain';
import type { AddressPolicy, CheckedTarget } from '../address-policy/address-policy';
import type { SourceLimits } from '../limits';
import { getPinned } from './pinned-request';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface FetchedUrl {
  bytes: Buffer;
  /** Where it was found after all redirects, without its query (which may hold a signature). */
  finalUrl: string;
  etag?: string;
}

/** A URL as it may stand in a message: without user, query and fragment. */
function named(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function assertFound(response: IncomingMessage, url: URL): void {
  const status = response.statusCode ?? 0;
  if (status === 200) return;
  if (status === 404 || status === 410)
    throw new SlipwayError('source_missing', `source file not found: ${named(url)}`);
  if (status === 401 || status === 403)
    throw new SlipwayError('source_denied', `${named(url)} answered ${status}.`);
  if (status === 408 || status === 429 || status >= 500) {
    throw new SlipwayError('source_unreachable', `${named(url)} answered ${status}.`);
  }
  throw new SlipwayError('source_invalid', `${named(url)} answered ${status} instead of an archive.`);
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

/** One request: what was fetched, or where to look instead. */
async function step(
  target: CheckedTarget,
  limits: SourceLimits,
  signal: AbortSignal,
): Promise<FetchedUrl | { redirect: string }> {
  let response: IncomingMessage | undefined;
  try {
    response = await getPinned(target, signal);
    const redirect = redirectOf(response, target.url);
    if (redirect !== undefined) return { redirect };
    assertFound(response, target.url);
    const bytes = await body(response, target.url, limits.totalBytes);
    return { bytes, finalUrl: named(target.url), etag: response.headers.etag };
  } catch (error) {
    if (isSlipwayError(error)) throw error;
    const why = signal.aborted
      ? `did not deliver within ${limits.fetchMs / 1000} s`
      : `failed: ${(error as Error).message}`;
    throw new SlipwayError('source_unreachable', `${named(target.url)} ${why}.`, { cause: error });
  } finally {
    // Also ends the connection of a body that nobody wants to read to its end.
    response?.destroy();
  }
}

/**
 * Fetches a URL within the limits of time (one deadline over all redirects and the body) and size. Each redirect is
 * checked like the first address.
 */
export async function fetchUrl(
  text: string,
  policy: AddressPolicy,
  limits: SourceLimits,
): Promise<FetchedUrl> {
  const signal = AbortSignal.timeout(limits.fetchMs);
  const first = await policy.check(text, signal);
  let target = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const outcome = await step(target, limits, signal);
    if ('bytes' in outcome) return outcome;
    target = await policy.check(outcome.redirect, signal);
  }
  throw new SlipwayError(
    'source_url_refused',
    `${named(first.url)} redirects more than ${MAX_REDIRECTS} times.`,
  );
}
