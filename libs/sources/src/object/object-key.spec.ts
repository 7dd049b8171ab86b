import { assertObjectKey } from './object-key';

const BUCKETS = ['sources'];

describe('the key of a source', () => {
  it.each(['global/parser/a', 'global/parser/a/', 'tenants/acme/a/b.zip'])(
    '%s is open to the tenant acme',
    (key) => {
      expect(() => assertObjectKey({ bucket: 'sources', key }, BUCKETS, 'acme')).not.toThrow();
    },
  );

  it.each([
    'tenants/other/a',
    'tenants/acme2/a',
    'tenants/acme',
    'tenants/acme/../other/a',
    'tenants/./acme/a',
  ])('%s is closed to the tenant acme', (key) => {
    expect(() => assertObjectKey({ bucket: 'sources', key }, BUCKETS, 'acme')).toThrow(
      expect.objectContaining({ code: 'source_denied' }),
    );
  });
});
