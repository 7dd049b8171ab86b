import { FaultProxy, type Protocol } from './fault-proxy.ts';

const SERVERS = {
  amqp: { variable: 'AMQP_URL', port: 5672 },
  postgres: { variable: 'DATABASE_URL', port: 5432 },
} as const;

/** The server of the tests: `npm test` starts one and names it. */
export function serverUrl(protocol: Protocol): string {
  const { variable } = SERVERS[protocol];
  const url = process.env[variable];
  if (!url)
    throw new Error(`${variable} is not set: run the tests with \`npm test\`, which starts the servers.`);
  return url;
}

/** A proxy before that server, and the server's URL with the proxy's address in place of its own. */
export async function proxiedServer(protocol: Protocol): Promise<{ proxy: FaultProxy; url: string }> {
  const url = new URL(serverUrl(protocol));
  const port = Number(url.port) || SERVERS[protocol].port;
  const proxy = await FaultProxy.listen({ host: url.hostname, port }, protocol);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, url: url.toString() };
}
