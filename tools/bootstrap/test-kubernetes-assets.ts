import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { requireFreePort } from './ports.ts';
import { answersHttp } from './readiness.ts';
import { Refusal } from './refusal.ts';
import { removeTree } from './remove-tree.ts';
import type { RunRecord } from './run-record.ts';
import { startServer } from './server.ts';

/** Where a control plane of our own keeps its data, and how it is reached. */
interface Place {
  folder: string;
  port: number;
  etcdPort: number;
  /** Of the one user that there is, who may do everything. */
  token: string;
}

function placeOf({ ports, state }: Context): Place {
  return {
    folder: join(state.folder, 'kubernetes'),
    port: ports.kubernetes,
    etcdPort: ports.etcd,
    token: randomBytes(16).toString('hex'),
  };
}

const certificate = ({ folder }: Place) => join(folder, 'certificates', 'apiserver.crt');

function writeFiles(place: Place): void {
  const { folder, token } = place;
  removeTree(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string | Buffer) =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  // The server signs the tokens of service accounts, and does not start without a key for that.
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  write('accounts.key', privateKey.export({ type: 'sec1', format: 'pem' }));
  write('accounts.pub', publicKey.export({ type: 'spki', format: 'pem' }));
  write('tokens.csv', `${token},tests,tests,"system:masters"\n`);
  write('kubeconfig', JSON.stringify(kubeconfigOf(place)));
}

function kubeconfigOf(place: Place): object {
  const server = `https://127.0.0.1:${place.port}`;
  const named = { name: 'tests' };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ ...named, cluster: { server, 'certificate-authority': certificate(place) } }],
    users: [{ ...named, user: { token: place.token } }],
    contexts: [{ ...named, context: { cluster: 'tests', user: 'tests' } }],
    'current-context': 'tests',
  };
}

function etcdArguments({ folder, etcdPort }: Place): string[] {
  const url = `http://127.0.0.1:${etcdPort}`;
  // Nobody joins it; and after a power cut the tests begin anew anyway.
  const alone = ['--listen-peer-urls', 'http://127.0.0.1:0', '--unsafe-no-fsync', '--log-level', 'warn'];
  return [
    ...['--data-dir', join(folder, 'etcd')],
    ...['--listen-client-urls', url, '--advertise-client-urls', url],
    ...alone,
  ];
}

function serverArguments({ folder, etcdPort, port }: Place): string[] {
  return [
    ...['--etcd-servers', `http://127.0.0.1:${etcdPort}`],
    ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--secure-port', String(port)],
    ...['--cert-dir', join(folder, 'certificates'), '--token-auth-file', join(folder, 'tokens.csv')],
    ...['--authorization-mode', 'RBAC', '--service-cluster-ip-range', '10.96.0.0/24'],
    ...['--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--service-account-key-file', join(folder, 'accounts.pub')],
    ...['--service-account-signing-key-file', join(folder, 'accounts.key')],
    '--profiling=false',
  ];
}

/** True where the server says that it is ready; undefined before, also while its certificate is still to be made. */
async function isReady(place: Place): Promise<true | undefined> {
  if (!existsSync(certificate(place))) return undefined;
  const ca = readFileSync(certificate(place));
  const options = { ca, headers: { authorization: `Bearer ${place.token}` }, timeout: 2_000 };
  return new Promise((resolve) => {
    const request = get(`https://127.0.0.1:${place.port}/readyz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200 || undefined);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

function requirePrograms(assets: string): { etcd: string; server: string } {
  const programs = { etcd: join(assets, 'etcd'), server: join(assets, 'kube-apiserver') };
  const missing = Object.values(programs).find((program) => !existsSync(program));
  if (missing === undefined) return programs;
  throw new Refusal(
    `KUBEBUILDER_ASSETS has no ${missing}: name a folder with etcd and kube-apiserver, or unset it.`,
  );
}

/** Starts etcd and kube-apiserver, empty, on ports of ours, without controllers. Returns the kubeconfig file. */
export async function startKubernetesFrom(
  assets: string,
  context: Context,
  record: RunRecord,
): Promise<string> {
  const programs = requirePrograms(assets);
  const place = placeOf(context);
  await requireFreePort(place.etcdPort, 'etcd of the tests', context.ports);
  await requireFreePort(place.port, 'kube-apiserver of the tests', context.ports);
  writeFiles(place);
  const env = { PATH: context.env.PATH };
  await startServer(context, record, {
    name: 'etcd',
    title: 'etcd',
    port: place.etcdPort,
    command: programs.etcd,
    args: etcdArguments(place),
    env,
    isReady: () => answersHttp(`http://127.0.0.1:${place.etcdPort}/readyz`),
  });
  await startServer(context, record, {
    name: 'kube-apiserver',
    title: 'kube-apiserver',
    port: place.port,
    command: programs.server,
    args: serverArguments(place),
    env,
    isReady: () => isReady(place),
  });
  return join(place.folder, 'kubeconfig');
}
