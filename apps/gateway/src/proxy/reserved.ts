import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Paths of the gateway itself. No service is called like them: the names of services begin with `lambda-`. */
const RESERVED = new Set(['/livez', '/readyz', '/healthz', '/metrics']);

/** Passes health and metrics on to the app's own controllers, and says whether it did. */
export function isReserved(
  handle: RequestListener,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const hostService = /^lambda-[a-z0-9-]+\.localhost(:\d+)?$/.test(request.headers.host ?? '');
    if (!RESERVED.has(path) || hostService) return false;
    handle(request, response);
    return true;
  };
}
