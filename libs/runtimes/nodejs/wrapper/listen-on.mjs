import { Server } from 'node:net';

/** Makes servers that would listen everywhere listen on `host` only: the middleware has no option for it. */
export function listenOn(host) {
  const listen = Server.prototype.listen;
  Server.prototype.listen = function (options, ...rest) {
    const everywhere = options?.host === '::' || options?.host === '0.0.0.0';
    return listen.call(this, everywhere ? { ...options, host } : options, ...rest);
  };
}
