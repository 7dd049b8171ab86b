import type { ObjectStore } from '@slipway/domain';

const BUCKET = 'sources';

/** What every object store promises. `open` gives an empty one for each test. */
export function describeObjectStore(name: string, open: () => Promise<ObjectStore>): void {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    beforeEach(async () => void (store = await open()));
    const put = (key: string, text: string): Promise<void> => store.put(BUCKET, key, Buffer.from(text));
    const text = async (key: string): Promise<string> => (await store.get(BUCKET, key, 1000)).toString();

    it('gives back what was put, and replaces it', async () => {
      await put('global/parser/a', 'one');
      await put('global/parser/a', 'two');
      expect(await text('global/parser/a')).toBe('two');
    });

    it('keeps an empty object', async () => {
      await put('empty', '');
      expect(await text('empty')).toBe('');
    });

    it('names a missing object', async () => {
      await expect(store.get(BUCKET, 'no/such', 1000)).rejects.toMatchObject({
        code: 'source_missing',
        message: expect.stringContaining('source file not found: sources/no/such'),
      });
    });

    it('does not take a folder for an object', async () => {
      await put('folder/file', 'x');
      await expect(store.get(BUCKET, 'folder', 1000)).rejects.toMatchObject({ code: 'source_missing' });
    });

    it('refuses an object above the limit, and takes one at it', async () => {
      await put('large', 'x'.repeat(11));
      await expect(store.get(BUCKET, 'large', 10)).rejects.toMatchObject({ code: 'source_too_large' });
      expect(await store.get(BUCKET, 'large', 11)).toHaveLength(11);
    });

    it('lists what begins with a prefix, in byte order, with sizes', async () => {
      for (const key of ['p/b', 'p/a/z', 'p/B', 'p/ä', 'pq/x', 'other']) await put(key, key);
      const listed = await store.list(BUCKET, 'p/', 10);
      expect(listed.map(({ key }) => key)).toEqual(['p/B', 'p/a/z', 'p/b', 'p/ä']);
      expect(listed.map(({ size }) => size)).toEqual([3, 5, 3, 4]);
      expect((await store.list(BUCKET, 'p', 10)).map(({ key }) => key)).toContain('pq/x');
    });

    it('lists no more than asked for, and nothing where nothing is', async () => {
      for (const key of ['p/a', 'p/b', 'p/c']) await put(key, key);
      expect((await store.list(BUCKET, 'p/', 2)).map(({ key }) => key)).toEqual(['p/a', 'p/b']);
      expect(await store.list(BUCKET, 'nothing/', 10)).toEqual([]);
    });

    it('gives another ETag to other content', async () => {
      await put('a', 'one');
      const before = await store.list(BUCKET, 'a', 1);
      await put('a', 'three');
      expect((await store.list(BUCKET, 'a', 1))[0]?.etag).not.toBe(before[0]?.etag);
    });
  });
}
