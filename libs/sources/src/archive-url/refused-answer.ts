import type { IncomingMessage } from 'node:http';
import { SlipwayError } from '@slipway/domain';
import { denied } from '../credentials/source-credentials';

const MAX_RETRY_AFTER_S = 24 * 60 * 60;

/** A URL as it may stand in a message: without user, query and fragment. */
export function named(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Seconds that a server asks to be left alone (RFC 9110, "Retry-After"): a number, or a date; undefined where neither. */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(MAX_RETRY_AFTER_S, Math.max(0, seconds));
}

function retryable(url: URL, { statusCode, headers }: IncomingMessage): SlipwayError {
  const message = `${named(url)} answered ${statusCode}.`;
  switch (statusCode) {
    case 408:
    case 504:
      return new SlipwayError('source_timeout', message);
    case 429:
    case 503:
      return new SlipwayError('source_throttled', message, {
        hint: 'The server asks for fewer requests; the build is tried again by itself.',
        retryAfterSeconds: retryAfterSeconds(headers['retry-after']),
      });
    default:
      return new SlipwayError('source_unreachable', message);
  }
}

/** What an answer other than an archive means, `sent` being whether credentials were sent; undefined for 200. */
export function refusedAnswer(response: IncomingMessage, url: URL, sent: boolean): SlipwayError | undefined {
  const status = response.statusCode ?? 0;
  if (status === 200) return undefined;
  if (status === 404 || status === 410)
    return new SlipwayError('source_missing', `source file not found: ${named(url)}`);
  if (status === 401 || status === 403) return denied(url, named(url), sent);
  if (status === 408 || status === 429 || status >= 500) return retryable(url, response);
  return new SlipwayError('source_invalid', `${named(url)} answered ${status} instead of an archive.`);
}
