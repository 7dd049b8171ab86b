import { MemoryObjectStore } from '@slipway/testing';
import { DEFAULT_LIMITS } from '../limits';
import { readObject } from './read-object';

const FOLDER = { bucket: 'sources', key: 'global/parser/hello' };
const KEYS = ['a.js', 'b.js', 'lib/c.js'].map((name) => `${FOLDER.key}/${name}`);

/** A store in which something happens right after its first object was read. */
class DisturbedStore extends MemoryObjectStore {
  constructor(private disturb: ((store: MemoryObjectStore) => Promise<void>) | undefined) {
    super();
  }

  override async get(bucket: string, key: string, limit: number): Promise<Buffer> {
    const bytes = await super.get(bucket, key, limit);
    const disturb = this.disturb;
    this.disturb = undefined;
    await disturb?.(this);
    return bytes;
  }
}

async function folderIn<Store extends MemoryObjectStore>(store: Store): Promise<Store> {
  for (const key of KEYS) await store.put(FOLDER.bucket, key, Buffer.from(key));
  return store;
}

describe('a folder of objects', () => {
  it('is read as it was listed', async () => {
    const { entries } = await readObject(await folderIn(new MemoryObjectStore()), FOLDER, DEFAULT_LIMITS);
    expect(entries.map(({ path }) => path)).toEqual(['a.js', 'b.js', 'lib/c.js']);
  });

  it.each([
    ['changed', KEYS[0]!],
    ['added', `${FOLDER.key}/new.js`],
  ])('is refused where an object was %s while it was read', async (_, key) => {
    const store = await folderIn(
      new DisturbedStore((disturbed) => disturbed.put(FOLDER.bucket, key, Buffer.from('other'))),
    );
    await expect(readObject(store, FOLDER, DEFAULT_LIMITS)).rejects.toMatchObject({ code: 'source_changed' });
  });

  it('is refused where an object was removed before it was read', async () => {
    const store = await folderIn(new MemoryObjectStore());
    const list = store.list.bind(store);
    store.list = async (...given) => [
      ...(await list(...given)),
      { key: `${FOLDER.key}/removed.js`, size: 1, etag: 'e' },
    ];
    await expect(readObject(store, FOLDER, DEFAULT_LIMITS)).rejects.toMatchObject({
      code: 'source_changed',
      message: expect.stringContaining('removed.js'),
    });
  });

  it('is given up at the time limit of the whole source', async () => {
    const store = await folderIn(new MemoryObjectStore());
    const get = store.get.bind(store);
    const limits = { ...DEFAULT_LIMITS, fetchMs: 5 };
    store.get = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return get(...given);
    };
    for (let more = 0; more < 10; more += 1) {
      await store.put(FOLDER.bucket, `${FOLDER.key}/more/${more}`, Buffer.from('x'));
    }
    await expect(readObject(store, FOLDER, limits)).rejects.toMatchObject({ code: 'source_timeout' });
  });
});
