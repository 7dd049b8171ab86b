import { createHash } from 'node:crypto';
import type { ContextStore } from '@slipway/domain';

const KEY = 'build-context/acme/hello/0123/context.tar.gz';
const ARCHIVE = Buffer.from('archive');

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
      const reference = await store.put(KEY, ARCHIVE);
      const sha256 = createHash('sha256').update(ARCHIVE).digest('hex');
      expect(reference).toMatchObject({ key: KEY, size: ARCHIVE.length, sha256 });
      const grant = await store.grant(reference, 60);
      expect(grant).toMatchObject({ size: ARCHIVE.length, sha256 });
      expect((await read(grant.url)).equals(ARCHIVE)).toBe(true);
    });

    it('takes the same context twice, also at once', async () => {
      const references = await Promise.all([
        store.put(KEY, ARCHIVE),
        store.put(KEY, ARCHIVE),
        store.put(KEY, ARCHIVE),
      ]);
      expect(new Set(references.map((reference) => JSON.stringify(reference))).size).toBe(1);
    });

    it('says that a removed context is gone, and removes it twice', async () => {
      const reference = await store.put(KEY, ARCHIVE);
      await store.remove(reference);
      await store.remove(reference);
      await expect(store.grant(reference, 60)).rejects.toMatchObject({ code: 'source_missing' });
    });
  });
}
