/** Variables that a host build may see of the machine: how tools and package registries are reached, nothing of ours. */
const ALLOWED: readonly RegExp[] = [
  /^(PATH|LANG|LC_\w+|TZ)$/,
  /^(https?|no|all)_proxy$/i,
  /^(SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NETRC)$/,
  // In capitals an operator has set it; in small letters npm passes on its own defaults, such as this user's settings file.
  /^NPM_CONFIG_\w+$/,
  /^npm_config_(registry|cafile|strict_ssl|\w*proxy|@[^:]+:registry|\/\/.+)$/,
  /^pnpm_config_(registry|cafile|strict_ssl)$/,
  /^YARN_(REGISTRY|NPM_\w+|HTTPS?_PROXY|HTTPS_CA_FILE_PATH|ENABLE_STRICT_SSL|UNSAFE_HTTP_WHITELIST)$/,
  /^PIP_\w+$/,
  /^GO(PROXY|NOPROXY|SUMDB|NOSUMDB|NOSUMCHECK|INSECURE|PRIVATE|AUTH|FLAGS|ROOT)$/,
];

/** The part of an operator's environment that reaches host builds. It reaches neither images nor functions. */
export function operatorSettings(environment: NodeJS.ProcessEnv): Record<string, string> {
  const allowed = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && ALLOWED.some((pattern) => pattern.test(entry[0])),
  );
  return Object.fromEntries(allowed);
}
