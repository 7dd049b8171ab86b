import type { ObjectStore } from '@slipway/domain';

interface ObjectStoreUnderTest {
  store: ObjectStore;
  /** An empty bucket of it. */
  bucket: string;
}

/** What every object store promises. `open` gives an empty bucket for each test. */
export function describeObjectStore(name: string, open: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    let bucket: string;
    beforeEach(async () => void ({ store, bucket } = await open()));
    const put = (key: string, text: string): Promise<void> => store.put(bucket, key, Buffer.from(text));
    const text = async (key: string): Promise<string> => (await store.get(bucket, key, 1000)).toString();

    it('gives back what was put, and replaces it', async () => {
      await put('global/parser/a', 'one');
      await put('global/parser/a', 'two');
      expect(await text('global/parser/a')).toBe('two');
    });

    it('keeps an empty object', async () => {
      await put('empty', '');
      expect(await text('empty')).toBe('');
    });

    it('gives back every byte of a large object', async () => {
      const bytes = Buffer.alloc(3 * 1024 * 1024, 'all bytes ');
      await store.put(bucket, 'large', bytes);
      expect((await store.get(bucket, 'large', bytes.length)).equals(bytes)).toBe(true);
    });

    it.each(['with space/a b', 'plus/a+b', 'percent/a%20b', 'query/a?b&c=d', 'umlaut/ä/€', "quote/'a'(b)*"])(
      'takes the key %j as it stands',
      async (key) => {
        await put(key, key);
        expect(await text(key)).toBe(key);
        expect((await store.list(bucket, key, 10)).map((info) => info.key)).toEqual([key]);
      },
    );

    it('shows a reader the old or the new content, never a part', async () => {
      const contents = ['a', 'b'].map((letter) => letter.repeat(500_000));
      await put('shared', contents[0]!);
      const writing = Promise.all([1, 0, 1].map((which) => put('shared', contents[which]!)));
      for (let reads = 0; reads < 5; reads += 1) {
        expect(contents).toContain((await store.get(bucket, 'shared', 500_000)).toString());
      }
      await writing;
    });

    it('names a missing object', async () => {
      await expect(store.get(bucket, 'no/such', 1000)).rejects.toMatchObject({
        code: 'source_missing',
        message: expect.stringContaining(`source file not found: ${bucket}/no/such`),
      });
    });

    it('does not take a folder for an object', async () => {
      await put('folder/file', 'x');
      await expect(store.get(bucket, 'folder', 1000)).rejects.toMatchObject({ code: 'source_missing' });
    });

    it('refuses an object above the limit, and takes one at it', async () => {
      await put('large', 'x'.repeat(11));
      await expect(store.get(bucket, 'large', 10)).rejects.toMatchObject({ code: 'source_too_large' });
      expect(await store.get(bucket, 'large', 11)).toHaveLength(11);
    });

    it('lists what begins with a prefix, in byte order, with sizes', async () => {
      await Promise.all(['p/b', 'p/a/z', 'p/B', 'p/ä', 'pq/x', 'other'].map((key) => put(key, key)));
      const listed = await store.list(bucket, 'p/', 10);
      expect(listed.map(({ key }) => key)).toEqual(['p/B', 'p/a/z', 'p/b', 'p/ä']);
      expect(listed.map(({ size }) => size)).toEqual([3, 5, 3, 4]);
      expect((await store.list(bucket, 'p', 10)).map(({ key }) => key)).toContain('pq/x');
    });

    it('lists no more than asked for, and nothing where nothing is', async () => {
      await Promise.all(['p/a', 'p/b', 'p/c'].map((key) => put(key, key)));
      expect((await store.list(bucket, 'p/', 2)).map(({ key }) => key)).toEqual(['p/a', 'p/b']);
      expect(await store.list(bucket, 'nothing/', 10)).toEqual([]);
    });

    it('gives another ETag to other content', async () => {
      await put('a', 'one');
      const before = await store.list(bucket, 'a', 1);
      await put('a', 'three');
      expect((await store.list(bucket, 'a', 1))[0]?.etag).not.toBe(before[0]?.etag);
    });
  });
}
