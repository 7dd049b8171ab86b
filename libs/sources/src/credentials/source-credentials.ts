import { SlipwayError } from '@slipway/domain';

/** What opens private archives and repositories of one host, for whoever may start a build. */
export interface SourceCredential {
  /** `git.example.com`, or `git.example.com:8443`; no other host or port gets the token. */
  host: string;
  /** What it is sent over, and nothing else; https where it is absent. Only listed hosts may be plain http at all. */
  scheme?: 'https' | 'http';
  /** Sent with the token as its password (Basic); without one the token is sent as Bearer. */
  username?: string;
  token: string;
}

const HINT_MISSING =
  'A private source needs credentials for its host, which the operator adds to SOURCE_CREDENTIALS_FILE.';
const HINT_REFUSED =
  'Let the operator check in SOURCE_CREDENTIALS_FILE that the token is valid and may read this source.';

/** What credentials are bound to: scheme, host and port, as RFC 6454 puts them together. */
function originOf({ scheme = 'https', host }: SourceCredential): string {
  const text = `${scheme}://${host}`;
  if (URL.canParse(text) && !/[/?#@\\\s]/.test(host)) return new URL(text).origin;
  throw new Error('its host is neither a host nor host:port');
}

/** Fails on what a header could not carry, or what another reader could take for something else. Never names the value. */
function assertSendable({ username, token }: SourceCredential): void {
  if (token === '') throw new Error('its token is missing');
  if (username === undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new Error(
      'its token has characters other than those of plain ASCII, and no username stands before it',
    );
  if (/\p{Cc}/u.test(token)) throw new Error('its token has control characters');
  if (username !== undefined && /[:\p{Cc}]/u.test(username))
    throw new Error('its username has a colon or control characters');
}

function authorizationOf({ username, token }: SourceCredential): string {
  if (username === undefined) return `Bearer ${token}`;
  return `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;
}

/**
 * Why a server that answers 401 or 403 does not give a source; `source` is its name in the message, `sent` whether
 * credentials were sent.
 */
export function denied(url: URL, source: string, sent: boolean): SlipwayError {
  const why = sent
    ? `may not be read with the credentials that are set for ${url.origin}`
    : `may not be read without credentials, and none were sent to ${url.origin}`;
  return new SlipwayError('source_denied', `${source} ${why}.`, { hint: sent ? HINT_REFUSED : HINT_MISSING });
}

/** Credentials by origin. What prints an object shows none of them. */
export class SourceCredentials {
  readonly #authorizations = new Map<string, string>();
  readonly #secrets: string[] = [];

  /** Fails where a credential cannot be sent, or two are for one host; the message tells which one by its number from 1. */
  constructor(credentials: readonly SourceCredential[] = []) {
    for (const [index, credential] of credentials.entries()) {
      try {
        this.add(credential);
      } catch (error) {
        throw new Error(`Credential ${index + 1} cannot be used: ${(error as Error).message}.`);
      }
    }
  }

  /** Fails naming what is wrong with it, and never a value. */
  add(credential: SourceCredential): void {
    const origin = originOf(credential);
    assertSendable(credential);
    if (this.#authorizations.has(origin)) throw new Error('its host has credentials already');
    const authorization = authorizationOf(credential);
    this.#authorizations.set(origin, authorization);
    this.#secrets.push(authorization.replace(/^\w+ /, ''), credential.token);
    // The longest first: one may be a part of another, whose rest would stay.
    this.#secrets.sort((a, b) => b.length - a.length);
  }

  /** The value of the header Authorization for this very scheme, host and port. */
  authorizationFor({ origin }: URL): string | undefined {
    return this.#authorizations.get(origin);
  }

  /** A text in which a server may have repeated what it was sent, without that. */
  redacted(text: string): string {
    return this.#secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '[redacted]'), text);
  }
}
