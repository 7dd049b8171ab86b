import type { ContextStore, ContextStoreKind } from '../ports/context-store';
import { ContextStores } from './context-stores';

const store = (kind: ContextStoreKind, maxBytes = Infinity) => ({ kind, maxBytes }) as ContextStore;

const CONFIGMAP = store('configmap', 10);
const S3 = store('s3');
const FILE = store('file');

describe('the stores of an installation', () => {
  it('are found by their kind', () => {
    expect(new ContextStores([CONFIGMAP, S3]).of('s3')).toBe(S3);
  });

  it('say which there are where one is asked for that is not', () => {
    expect(() => new ContextStores([CONFIGMAP, S3]).of('file')).toThrow(
      expect.objectContaining({
        code: 'context_store_unsupported',
        message: expect.stringMatching(/"file", only in configmap, s3/) as string,
      }),
    );
  });

  it.each<[string, ContextStore[], number, boolean, ContextStore | undefined]>([
    ['fits', [CONFIGMAP, S3], 10, true, CONFIGMAP],
    ['is too large, and another store may be used', [CONFIGMAP, S3], 11, true, S3],
    ['is too large, and S3 is not the only other store', [FILE, CONFIGMAP, S3], 11, true, S3],
    ['is too large, and no other store may be used', [CONFIGMAP, S3], 11, false, undefined],
    ['is too large, and there is no other store', [CONFIGMAP], 11, true, undefined],
  ])('take an archive that %s', (_, stores, bytes, overflow, expected) => {
    const choose = () => new ContextStores(stores).forSize('configmap', bytes, overflow);
    if (!expected) {
      const message = 'The context has 11 bytes; "configmap" takes at most 10.';
      return expect(choose).toThrow(expect.objectContaining({ code: 'context_too_large', message }));
    }
    expect(choose().store).toBe(expected);
    expect(choose().note).toEqual(
      expected === CONFIGMAP ? undefined : expect.stringContaining('"s3" instead'),
    );
  });
});
