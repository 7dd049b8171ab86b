import type { IncomingMessage } from 'node:http';

/** Which function a request is for, and the path that the function sees. */
export interface Route {
  service: string;
  path: string;
}

const SERVICE_HOST = /^([a-z0-9][a-z0-9-]*)\.localhost(:\d+)?$/i;
const SERVICE_PATH = /^\/([a-z0-9][a-z0-9-]*)(?=[/?]|$)/;

/** `Host: {service}.localhost`, or `/{service}/rest`; undefined where neither names a service. */
export function routeOf(request: IncomingMessage): Route | undefined {
  const target = request.url ?? '/';
  if (!target.startsWith('/')) return undefined;
  const host = SERVICE_HOST.exec(request.headers.host ?? '')?.[1];
  if (host !== undefined) return { service: host.toLowerCase(), path: target };
  const service = SERVICE_PATH.exec(target)?.[1];
  if (service === undefined) return undefined;
  const rest = target.slice(service.length + 1);
  return { service, path: rest.startsWith('/') ? rest : `/${rest}` };
}
