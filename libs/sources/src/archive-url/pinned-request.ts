import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Address, CheckedTarget } from '../address-policy/address-policy';

/** Answers every look-up with the addresses that were checked, so that the name is not resolved a second time. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_host, options, done) => {
    if (options.all) done(null, [...addresses]);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  };
}

/** GETs the URL from the very addresses that were checked; its name is kept for TLS and the Host header. */
export function getPinned(
  { url, addresses }: CheckedTarget,
  signal: AbortSignal,
  authorization?: string,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      // No agent: a kept connection could belong to an earlier, different check.
      {
        signal,
        agent: false,
        headers: { 'user-agent': 'slipway', accept: '*/*', ...(authorization && { authorization }) },
        lookup: pinned(addresses),
      },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}
