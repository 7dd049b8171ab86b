/** What stands before the host. Without the scheme, so that it is looked for once per address, and not from each letter. */
const USER_INFO = /:\/\/[^\s/"'<>]+@/g;

/**
 * `https://***@host` in place of every address with credentials: what tools print of their settings gets into the log. The
 * user goes too, for many hosts take a token in its place.
 */
export function maskCredentials(text: string): string {
  return text.replace(USER_INFO, '://***@');
}

/** The same addresses without user and password. */
export function removeCredentials(text: string): string {
  return text.replace(USER_INFO, '://');
}
