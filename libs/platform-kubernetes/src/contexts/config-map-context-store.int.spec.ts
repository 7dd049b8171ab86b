import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeContextStore } from '@slipway/testing';
import type { ContextName, ContextReference } from '@slipway/domain';
import { apiStatus, loseTheAnswer, type Fault } from '../../test/api-fault-proxy';
import { ConfigMapSetting } from '../../test/config-map-setting';
import { describeOnKubernetes } from '../../test/test-cluster';
import { KubernetesClient } from '../client/kubernetes-client';
import { ContextConfigMaps } from './context-config-maps';

const NAME: ContextName = { tenant: 'acme', parser: 'hello', identity: '01'.repeat(32) };
const ARCHIVE = Buffer.from('archive');

/** The client dies when it has sent a part of the body. */
const dieWhileSending: Fault = (request) => {
  request.once('data', () => request.socket.destroy());
  return false;
};

function contexts(count: number): { name: ContextName; archive: Buffer }[] {
  return Array.from({ length: count }, (_, index) => {
    const identity = createHash('sha256').update(String(index)).digest('hex');
    return { name: { ...NAME, identity }, archive: randomBytes(32 * 1024 + index) };
  });
}

describeOnKubernetes('contexts in ConfigMaps of a Kubernetes API server', (kubeconfig) => {
  let setting: ConfigMapSetting;
  beforeAll(async () => void (setting = await ConfigMapSetting.start(kubeconfig)));
  afterAll(() => setting?.stop());
  beforeEach(() => setting.renew());

  describeContextStore(
    'a namespace',
    async () => setting.store(),
    (url) => setting.read(url),
  );

  describe('a stored context', () => {
    it('cannot be changed, and says whose it is: in labels to select by and in annotations as it is', async () => {
      const name = { tenant: `${'T'.repeat(98)}_-`, parser: 'Hello_World', identity: NAME.identity };
      const { cluster, namespace } = setting;
      const body = { metadata: { name: 'owner' } };
      const { metadata: owner } = await cluster.core.createNamespacedConfigMap({ namespace, body });
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner!.uid! }];
      const { key, sha256 } = await setting.store({ ownerReferences }).put(name, ARCHIVE);
      const { immutable, metadata } = await cluster.core.readNamespacedConfigMap({ namespace, name: key });
      expect(immutable).toBe(true);
      expect(metadata!.ownerReferences).toMatchObject(ownerReferences);
      expect(metadata!.labels).toEqual({
        'app.kubernetes.io/managed-by': 'slipway',
        'app.kubernetes.io/component': 'build-context',
        'build.notifi.network/third-party-id': expect.stringMatching(/^T{52}-[0-9a-f]{10}$/),
        'build.notifi.network/parser-id': 'Hello_World',
        'build.notifi.network/content-hash': NAME.identity.slice(0, 63),
      });
      expect(metadata!.annotations).toEqual({
        'build.notifi.network/third-party-id': name.tenant,
        'build.notifi.network/parser-id': 'Hello_World',
        'build.notifi.network/content-hash': NAME.identity,
        'build.notifi.network/size': String(ARCHIVE.length),
        'build.notifi.network/sha256': sha256,
      });
    });

    it('may be as large as the limit says and no larger', async () => {
      const archive = randomBytes(setting.store().maxBytes + 1);
      await expect(setting.store().put(NAME, archive)).rejects.toMatchObject({
        code: 'context_too_large',
        message: 'The context has 921601 bytes; "configmap" takes at most 921600.',
      });
      expect(await setting.listed()).toEqual([]);
      const largest = archive.subarray(1);
      expect((await setting.granted(await setting.store().put(NAME, largest))).equals(largest)).toBe(true);
    });

    it.each<[string, Fault]>([
      ['the server is busy', apiStatus(429, 'TooManyRequests', { headers: { 'retry-after': '0' } })],
      ['two requests meet at a quota', apiStatus(409, 'Conflict')],
      ['the answer is lost', loseTheAnswer],
    ])('is there after all where %s at first', async (_, fault) => {
      setting.proxy.next(fault);
      const reference = await setting.storeBehindProxy().put(NAME, ARCHIVE);
      expect(await setting.granted(reference)).toEqual(ARCHIVE);
      expect(setting.proxy.requests.length).toBeGreaterThan(1);
    });

    it.each([
      ['while it sends', dieWhileSending, 'source_missing'],
      ['before it hears the answer', loseTheAnswer, undefined],
    ])('is whole or not there when its writer dies %s, and is the same again', async (_, death, code) => {
      const archive = randomBytes(setting.store().maxBytes);
      setting.proxy.next(death);
      const dying = setting.storeBehindProxy({ tries: 1 });
      await expect(dying.put(NAME, archive)).rejects.toMatchObject({ code: 'unavailable' });
      const key = setting.store().keyOf(NAME);
      const sha256 = createHash('sha256').update(archive).digest('hex');
      const reference: ContextReference = { store: 'configmap', key, size: archive.length, sha256 };
      const grant = setting.store().grant(reference);
      await (code ? expect(grant).rejects.toMatchObject({ code }) : expect(grant).resolves.toBeDefined());
      expect(await setting.store().put(NAME, archive)).toEqual(reference);
      expect((await setting.granted(reference)).equals(archive)).toBe(true);
    });

    it('is never taken for another one whose identity begins alike', async () => {
      const other = { ...NAME, identity: NAME.identity.slice(0, 12).padEnd(64, 'f') };
      const reference = await setting.store().put(NAME, ARCHIVE);
      expect(setting.store().keyOf(other)).toBe(reference.key);
      const put = setting.store().put(other, Buffer.from('other'));
      await expect(put).rejects.toMatchObject({ code: 'context_name_taken' });
      expect(await setting.granted(reference)).toEqual(ARCHIVE);
    });

    it('does not replace what somebody else has put in its place', async () => {
      const { cluster, namespace } = setting;
      const name = setting.store().keyOf(NAME);
      const body = { metadata: { name }, data: { of: 'somebody else' } };
      await cluster.core.createNamespacedConfigMap({ namespace, body });
      const put = setting.store().put(NAME, ARCHIVE);
      await expect(put).rejects.toMatchObject({ code: 'context_name_taken' });
      expect((await cluster.core.readNamespacedConfigMap({ namespace, name })).data).toEqual(body.data);
    });

    it('that was mended in the meantime is not deleted for the damaged one that was there before', async () => {
      const reference = await setting.store().put(NAME, ARCHIVE);
      const configMaps = new ContextConfigMaps(new KubernetesClient({ kubeconfig }), setting.namespace, 10);
      await configMaps.remove(reference.key, randomUUID());
      expect(await setting.granted(reference)).toEqual(ARCHIVE);
    });

    it('is refused with the name of the right that is missing', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'));
      try {
        const stranger = new KubernetesClient({ kubeconfig: setting.cluster.kubeconfigOfStranger(folder) });
        const store = setting.store({}, stranger);
        const missing = (verb: string) => ({
          code: 'unavailable',
          message: expect.stringContaining(
            `The right is missing to ${verb} configmaps in namespace ${setting.namespace}`,
          ),
        });
        await expect(store.put(NAME, ARCHIVE)).rejects.toMatchObject(missing('create'));
        await expect(store.remove('any')).rejects.toMatchObject(missing('get'));
        await expect(setting.listed(store)).rejects.toMatchObject(missing('list'));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe('the list of contexts', () => {
    it('is complete after a hundred were put at once, page by page, and empty after all were removed', async () => {
      const store = setting.store({ pageSize: 30 });
      const all = contexts(100);
      const references = await Promise.all(all.map(({ name, archive }) => store.put(name, archive)));
      const stored = await Promise.all(references.map((reference) => setting.granted(reference)));
      expect(stored.every((bytes, index) => bytes.equals(all[index]!.archive))).toBe(true);
      const expected = references.map(({ key, size }) => ({ key, size }));
      expect(await setting.listed(store)).toMatchObject(expected.sort((a, b) => a.key.localeCompare(b.key)));
      await Promise.all(references.map(({ key }) => store.remove(key)));
      expect(await setting.listed(store)).toEqual([]);
    });

    it('begins anew where it has taken too long, and names each once', async () => {
      for (const { name, archive } of contexts(5)) await setting.store().put(name, archive);
      const asIs: Fault = () => false;
      setting.proxy.next(asIs, apiStatus(410, 'Expired'));
      const found = await setting.listed(setting.storeBehindProxy({}, { pageSize: 2 }));
      expect(found).toEqual(await setting.listed());
      expect(found).toHaveLength(5);
      // Two pages, of which the second has expired, and then all three.
      expect(setting.proxy.requests).toHaveLength(5);
    });

    it('removes nothing of that name which is not ours', async () => {
      const { cluster, namespace } = setting;
      const name = setting.store().keyOf(NAME);
      await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
      await setting.store().remove(name);
      await expect(cluster.core.readNamespacedConfigMap({ namespace, name })).resolves.toBeDefined();
    });

    it('measures what lost its note of the size, and leaves out what is not ours', async () => {
      const { cluster, namespace } = setting;
      await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'other' } } });
      const { key } = await setting.store().put(NAME, ARCHIVE);
      const body = await cluster.core.readNamespacedConfigMap({ namespace, name: key });
      delete body.metadata!.annotations!['build.notifi.network/size'];
      await cluster.core.replaceNamespacedConfigMap({ namespace, name: key, body });
      expect(await setting.listed()).toMatchObject([{ key, size: ARCHIVE.length }]);
    });
  });
});
