import { createServer } from 'node:net';
import { Refusal } from './refusal.ts';

const APP_PORTS = {
  api: 0,
  ingest: 1,
  'context-builder': 2,
  'job-launcher': 3,
  'service-deployer': 4,
  gateway: 10,
} as const;

export type AppName = keyof typeof APP_PORTS;
export const APP_NAMES = Object.keys(APP_PORTS) as AppName[];

export interface Ports {
  base: number;
  /** The environment variable that moves all of them. */
  variable: string;
  apps: Record<AppName, number>;
  amqp: number;
  erlangDistribution: number;
  epmd: number;
  /** Only the tests start these three. */
  s3: number;
  kubernetes: number;
  etcd: number;
  postgres: number;
}

const HIGHEST_OFFSET = 30;
/** From here on the kernel hands ports to outgoing connections, and the broker's own tools listen on some. */
const FIRST_EPHEMERAL = 32768;

/** Ports that browsers and fetch refuse to call (WHATWG Fetch, "bad port"), as far as they are ports that anybody may take. */
const NEVER_CALLED = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10080,
]);

/** Throws a Refusal where the text is no port, or the highest port would be one that the kernel may give away. */
export function portsFrom(text: string | undefined, fallback: number, variable: string): Ports {
  const base = text === undefined || text === '' ? fallback : Number(text);
  const highest = FIRST_EPHEMERAL - HIGHEST_OFFSET - 1;
  if (!Number.isInteger(base) || base < 1 || base > highest) {
    throw new Refusal(
      `${variable} is ${text}, but it has to be a whole number from 1 to ${highest}: choose such a one, for example ${variable}=${fallback}.`,
    );
  }
  const apps = Object.fromEntries(APP_NAMES.map((name) => [name, base + APP_PORTS[name]])) as Ports['apps'];
  const refused = Object.values(apps).find((port) => NEVER_CALLED.has(port));
  if (refused !== undefined) {
    throw new Refusal(
      `${variable} is ${text}, which would put an app on port ${refused}, and browsers and HTTP clients refuse to call that one: choose another base, for example ${variable}=${base + 100}.`,
    );
  }
  return {
    base,
    variable,
    apps,
    amqp: base + 20,
    erlangDistribution: base + 21,
    epmd: base + 22,
    s3: base + 23,
    kubernetes: base + 24,
    etcd: base + 25,
    postgres: base + HIGHEST_OFFSET,
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Throws a Refusal that names the port, who needs it, and a way out, where somebody else listens on it. */
export async function requireFreePort(port: number, owner: string, ports: Ports): Promise<void> {
  if (await isFree(port)) return;
  const next = ports.base + 100 > FIRST_EPHEMERAL - HIGHEST_OFFSET - 1 ? 8080 : ports.base + 100;
  throw new Refusal(
    `Port ${port}, which ${owner} needs, is in use by another program: stop that program, or move all ports of this clone with ${ports.variable}=${next}.`,
  );
}
