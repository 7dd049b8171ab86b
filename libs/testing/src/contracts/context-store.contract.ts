import { createHash } from 'node:crypto';
import {
  isSlipwayError,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type ContextStore,
  type StoredContext,
} from '@slipway/domain';

const NAME: ContextName = { tenant: 'acme', parser: 'hello', identity: '01'.repeat(32) };
const OTHER: ContextName = { ...NAME, identity: '45'.repeat(32) };
const ARCHIVE = Buffer.from('archive');

/** The grant, or nothing where the context is not there. */
async function granted(store: ContextStore, reference: ContextReference): Promise<ContextGrant | undefined> {
  try {
    return await store.grant(reference, 60);
  } catch (error) {
    if (isSlipwayError(error) && error.code === 'source_missing') return undefined;
    throw error;
  }
}

function stored({ key, size }: ContextReference, { tenant, identity }: ContextName): StoredContext {
  return { key, size, tenant, identity };
}

async function listed(store: ContextStore): Promise<StoredContext[]> {
  const all: StoredContext[] = [];
  for await (const each of store.list()) all.push(each);
  return all.sort((a, b) => a.key.localeCompare(b.key));
}

/** What every context store promises. `read` follows a grant's URL as a builder would. */
export function describeContextStore(
  name: string,
  open: () => Promise<ContextStore>,
  read: (url: string) => Promise<Buffer>,
): void {
  describe(`${name} as a context store`, () => {
    let store: ContextStore;
    beforeEach(async () => void (store = await open()));

    it('grants the very bytes that were put', async () => {
      const reference = await store.put(NAME, ARCHIVE);
      const sha256 = createHash('sha256').update(ARCHIVE).digest('hex');
      expect(reference).toMatchObject({
        store: store.kind,
        key: store.keyOf(NAME),
        size: ARCHIVE.length,
        sha256,
      });
      const grant = await store.grant(reference, 60);
      expect(grant).toMatchObject({ size: ARCHIVE.length, sha256 });
      expect((await read(grant.url)).equals(ARCHIVE)).toBe(true);
    });

    it('takes the same context twice, also at once', async () => {
      const references = await Promise.all([
        store.put(NAME, ARCHIVE),
        store.put(NAME, ARCHIVE),
        store.put(NAME, ARCHIVE),
      ]);
      expect(new Set(references.map((reference) => JSON.stringify(reference))).size).toBe(1);
    });

    it('says that a removed context is gone, and removes it twice', async () => {
      const reference = await store.put(NAME, ARCHIVE);
      await store.remove(reference.key);
      await store.remove(reference.key);
      await expect(store.grant(reference, 60)).rejects.toMatchObject({ code: 'source_missing' });
    });

    it('renews what was put until it is removed, and nothing else under its name', async () => {
      const reference = await store.put(NAME, ARCHIVE);
      expect(await store.renew(NAME, reference)).toBe(true);
      expect(await store.renew(NAME, { ...reference, sha256: '0'.repeat(64) })).toBe(false);
      await store.remove(reference.key);
      expect(await store.renew(NAME, reference)).toBe(false);
    });

    it('keeps the context of any build of the function at the same place', async () => {
      const references = await Promise.all([
        store.put(NAME, ARCHIVE),
        store.put({ ...NAME, sequence: 7 }, ARCHIVE),
      ]);
      expect(references[1]).toEqual(references[0]);
    });

    it('gives the same bytes at the same place when all is done again', async () => {
      const first = await store.put(NAME, ARCHIVE);
      await store.remove(first.key);
      expect(await store.put(NAME, ARCHIVE)).toEqual(first);
      expect((await read((await store.grant(first, 60)).url)).equals(ARCHIVE)).toBe(true);
    });

    it('does not grant what is not the context of the reference, and mends it when that is put again', async () => {
      const reference = await store.put(NAME, ARCHIVE);
      await store.put(NAME, Buffer.from('changed'));
      await expect(store.grant(reference, 60)).rejects.toMatchObject({ code: 'source_invalid' });
      await store.put(NAME, ARCHIVE);
      expect((await read((await store.grant(reference, 60)).url)).equals(ARCHIVE)).toBe(true);
    });

    it('keeps contexts apart', async () => {
      const others = Buffer.from('others');
      const reference = await store.put(NAME, ARCHIVE);
      const other = await store.put(OTHER, others);
      await store.remove(reference.key);
      expect((await read((await store.grant(other, 60)).url)).equals(others)).toBe(true);
    });

    it('lists what it holds, with its size, and nothing that was removed', async () => {
      const [reference, other] = await Promise.all([store.put(NAME, ARCHIVE), store.put(OTHER, ARCHIVE)]);
      expect(await listed(store)).toEqual([stored(reference, NAME), stored(other, OTHER)]);
      await store.remove(reference.key);
      expect(await listed(store)).toEqual([stored(other, OTHER)]);
      await store.remove(other.key);
      expect(await listed(store)).toEqual([]);
    });

    it('shows nobody a part of a context while it is being put', async () => {
      const archive = Buffer.alloc(Math.min(2 * 1024 * 1024, store.maxBytes), 'a large archive ');
      const sha256 = createHash('sha256').update(archive).digest('hex');
      const key = store.keyOf(NAME);
      const reference = { ...(await store.put(OTHER, ARCHIVE)), key, size: archive.length, sha256 };
      const stored = store.put(NAME, archive).then(() => true);
      let done = false;
      while (!done) {
        // The last look comes after the end of the writing, and has to find it.
        done = await Promise.race([stored, Promise.resolve(false)]);
        const grant = await granted(store, reference);
        if (done || grant) expect((await read(grant!.url)).equals(archive)).toBe(true);
      }
    });
  });
}
