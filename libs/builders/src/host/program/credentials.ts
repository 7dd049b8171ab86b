const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s/"'<>]+)@/gi;

/** `https://user:***@host` in place of every address with credentials: what tools print of their settings gets into the log. */
export function maskCredentials(text: string): string {
  return text.replace(USER_INFO, (_, scheme: string, userInfo: string) => {
    const [user] = userInfo.split(':');
    return `${scheme}${userInfo.includes(':') ? `${user}:` : ''}***@`;
  });
}

/** The same addresses without user and password. */
export function removeCredentials(text: string): string {
  return text.replace(USER_INFO, '$1');
}
