import { SourceCredentials, type SourceCredential } from './source-credentials';

/** Scheme, user, token, host, and what else stands there; the user may be left out, its colon may not. */
const LINE = /^(?<scheme>[a-z]+):\/\/(?:(?<username>[^:@/]*):(?<token>[^@/]*)@)?(?<host>[^@/]*)(?<rest>.*)$/i;

function decoded(text: string, field: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Node's own error would repeat the text.
    throw new Error(`its ${field} is not percent-encoded properly`);
  }
}

function credentialOf(line: string): SourceCredential {
  const { scheme = '', username = '', token, host = '', rest = '' } = LINE.exec(line)?.groups ?? {};
  if (scheme === '' || rest.includes('@')) throw new Error('it is not of the form https://user:token@host');
  if (!/^https?$/i.test(scheme)) throw new Error('its scheme is neither https nor http');
  if (token === undefined)
    throw new Error('its token is missing: it begins after a colon, as in https://:token@host');
  // Paths would bind a token more closely than it is bound here.
  if (!/^\/?$/.test(rest)) throw new Error('something follows its host, for which alone a token is set');
  const user = decoded(username, 'username');
  return {
    host,
    token: decoded(token, 'token'),
    ...(user === '' ? {} : { username: user }),
    ...(/^http$/i.test(scheme) ? { scheme: 'http' } : {}),
  };
}

/**
 * The credentials of a file as `git credential-store` writes it (git-credential-store(1), "Storage format"):
 * `https://user:token@host:port`, one a line, percent-encoded. Chosen because git's own tools make it, and because unlike
 * a .netrc it binds a token to scheme and port, has no default for all hosts, and means one thing to all readers. Beyond git,
 * `https://:token@host` sends the token as Bearer, and `#` begins a line of remarks.
 * Fails naming each wrong line by its number and field, and never what stands there.
 */
export function sourceCredentialsFrom(text: string): SourceCredential[] {
  const credentials: SourceCredential[] = [];
  const together = new SourceCredentials();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    try {
      const credential = credentialOf(line);
      together.add(credential);
      credentials.push(credential);
    } catch (error) {
      problems.push(`line ${index + 1}: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new Error(`The source credentials cannot be used: ${problems.join('; ')}.`);
  return credentials;
}
