import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ApiFaultProxy, apiStatus, hang, reset, type Fault } from '../../test/api-fault-proxy';
import { kubeConfig } from './kube-config';
import { KubernetesClient, type KubernetesLimits } from './kubernetes-client';

let proxy: ApiFaultProxy;
beforeAll(async () => {
  const config = new KubeConfig();
  // Nothing is passed on: every answer is scripted.
  config.loadFromClusterAndUser(
    { name: 'c', server: 'https://127.0.0.1:9', skipTLSVerify: false },
    { name: 'u' },
  );
  proxy = await ApiFaultProxy.start(config);
});
afterAll(() => proxy?.stop());

const done: Fault = (_request, response) => {
  response.writeHead(201, { 'content-type': 'application/json' }).end('{"metadata":{"name":"made"}}');
  return true;
};

function create(limits: Partial<KubernetesLimits> = {}): Promise<unknown> {
  const client = new KubernetesClient({ kubeconfig: proxy.kubeconfig, limits });
  return client.ask({ verb: 'create', resource: 'configmaps', namespace: 'acme' }, (options) =>
    client.core.createNamespacedConfigMap(
      { namespace: 'acme', body: { metadata: { name: 'made' } } },
      options,
    ),
  );
}

const FORBIDDEN = 'configmaps is forbidden: User "u" cannot create resource "configmaps" in API group ""';
const QUOTA = 'configmaps "made" is forbidden: exceeded quota: contexts';

describe('a request to the API server', () => {
  it.each([
    [
      '403 for want of a right',
      apiStatus(403, 'Forbidden', { message: FORBIDDEN }),
      'The right is missing to',
    ],
    ['403 for a quota', apiStatus(403, 'Forbidden', { message: QUOTA }), 'exceeded quota: contexts'],
    ['401', apiStatus(401, 'Unauthorized'), 'does not know who asks it to'],
    [
      '404',
      apiStatus(404, 'NotFound', { message: 'namespaces "acme" not found' }),
      'namespaces "acme" not found',
    ],
  ])('that gets %s is not repeated, and says why', async (_, fault, why) => {
    proxy.next(fault, done);
    const failure = await create().catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'unavailable', message: expect.stringContaining(why) });
    expect(failure).toHaveProperty('message', expect.stringContaining('create configmaps in namespace acme'));
    expect(proxy.requests).toHaveLength(1);
  });

  it('that is wrong itself counts as our mistake', async () => {
    proxy.next(apiStatus(422, 'Invalid', { message: 'Too long' }), done);
    await expect(create()).rejects.toMatchObject({ code: 'internal_error' });
    expect(proxy.requests).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['429', apiStatus(429, 'TooManyRequests', { headers: { 'retry-after': '0' } })],
    ['500', apiStatus(500, 'InternalError')],
    ['503', apiStatus(503, 'ServiceUnavailable')],
    ['504', apiStatus(504, 'Timeout')],
    ['a conflict with a neighbour', apiStatus(409, 'Conflict')],
    ['a broken connection', reset],
  ])('that meets %s is repeated until it succeeds', async (_, fault) => {
    proxy.next(fault, done);
    await expect(create()).resolves.toMatchObject({ metadata: { name: 'made' } });
    expect(proxy.requests).toHaveLength(2);
  });

  it('is given up after the tries that are allowed', async () => {
    const busy = apiStatus(503, 'ServiceUnavailable', { message: 'etcd is away' });
    proxy.next(busy, busy, done);
    await expect(create({ tries: 2 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('etcd is away'),
    });
    expect(proxy.requests).toHaveLength(2);
  });

  it('is given up where the server never answers', async () => {
    proxy.next(hang, hang, done);
    await expect(create({ tries: 2, tryMs: 200 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('took too long to create configmaps'),
    });
    expect(proxy.requests).toHaveLength(2);
  });

  it('waits as long as Retry-After says, and no longer than all tries may take', async () => {
    proxy.next(apiStatus(429, 'TooManyRequests', { headers: { 'retry-after': '3600' } }), done);
    await expect(create({ totalMs: 300 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(proxy.requests).toHaveLength(1);
  });

  it('takes a connection that is there', async () => {
    const client = new KubernetesClient({ kubeconfig: proxy.kubeconfig });
    const before = proxy.connections;
    proxy.next(...Array.from({ length: 20 }, () => done));
    for (let request = 1; request <= 20; request += 1) {
      await client.ask({ verb: 'get', resource: 'configmaps', namespace: 'acme' }, (options) =>
        client.core.readNamespacedConfigMap({ namespace: 'acme', name: 'made' }, options),
      );
    }
    // A second one where the first was not yet free again.
    expect(proxy.connections - before).toBeLessThanOrEqual(2);
  });
});

describe('the way to the API server', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is that of the kubeconfig files, merged in their order', () => {
    const more = join(folder, 'more');
    const cluster = { name: 'second', cluster: { server: 'https://second.example' } };
    writeFileSync(more, JSON.stringify({ clusters: [cluster], users: [], contexts: [] }));
    const config = kubeConfig([proxy.kubeconfig, more].join(delimiter));
    expect(config.getClusters().map(({ name }) => name)).toEqual(['proxy', 'second']);
    expect(config.getCurrentCluster()?.name).toBe('proxy');
  });

  it('is not guessed', () => {
    expect(() => kubeConfig(join(folder, 'none'))).toThrow(/ENOENT/);
    writeFileSync(join(folder, 'empty'), '{"clusters":[],"users":[],"contexts":[]}');
    expect(() => kubeConfig(join(folder, 'empty'))).toThrow(/names no cluster/);
    expect(() => kubeConfig()).toThrow(/not a pod of Kubernetes/);
  });
});
