import { buildIdOf, imageUriOf, jobNameOf, labelValueOf, revisionNameOf, serviceNameOf } from './names';

const LONG = 'x'.repeat(100);

describe('names', () => {
  it.each([
    ['acme', 'greet'],
    ['Acme_Org', 'User-Parser'],
    [LONG, LONG],
    ['1', '2'],
  ])('keeps build ids and service names of %s/%s within their limits and in DNS form', (tenant, parser) => {
    const buildId = buildIdOf(parser, { tenant, source: 's', id: 'i' });
    expect(buildId.length).toBeLessThanOrEqual(59);
    expect(buildId).toMatch(/^build-[a-z0-9][a-z0-9-]*-[0-9a-f]{10}$/);
    const service = serviceNameOf(tenant, parser);
    expect(service.length).toBeLessThanOrEqual(50);
    expect(service).toMatch(/^lambda-[a-z0-9][a-z0-9-]*-[0-9a-f]{10}$/);
    expect(revisionNameOf(service, 'sha256:1', 't').length).toBeLessThanOrEqual(63);
  });

  it('does not let a-b + c and a + b-c meet', () => {
    expect(serviceNameOf('a-b', 'c')).not.toBe(serviceNameOf('a', 'b-c'));
    expect(serviceNameOf('a_b', 'c')).not.toBe(serviceNameOf('a-b', 'c'));
  });

  it('names a build by tenant, source and id of its event, and the next clash differently', () => {
    const event = { tenant: 'acme', source: 's', id: 'i' };
    expect(buildIdOf('p', event)).toBe(buildIdOf('p', event));
    expect(buildIdOf('p', { ...event, id: 'j' })).not.toBe(buildIdOf('p', event));
    expect(buildIdOf('p', event, 1)).not.toBe(buildIdOf('p', event));
  });

  it('gives the first attempt the name of the build and later ones a number', () => {
    expect(jobNameOf('build-a', 1)).toBe('build-a');
    expect(jobNameOf('build-a', 3)).toBe('build-a-3');
  });

  it('keeps a tag within 128 characters and gives forced builds one of their own', () => {
    const image = { repository: 'r/{tp}/f', tenant: LONG, parser: LONG, identity: 'a'.repeat(64) };
    const tag = imageUriOf(image).split(':')[1]!;
    expect(tag.length).toBeLessThanOrEqual(128);
    expect(tag.endsWith('a'.repeat(12))).toBe(true);
    const unique = imageUriOf({ ...image, unique: { buildId: 'build-x-0123456789', attempt: 2 } });
    expect(unique).toMatch(/-aaaaaaaaaaaa-0123456789-2$/);
    expect(unique).toContain(`r/${LONG}/f:`);
  });

  it.each([
    ['acme', 'acme'],
    ['Acme_Org.1', 'Acme_Org.1'],
    ['a'.repeat(63), 'a'.repeat(63)],
    ['0123456789abcdef'.repeat(4), '0123456789abcdef'.repeat(4).slice(0, 63)],
    ['ends_', expect.stringMatching(/^ends_-[0-9a-f]{10}$/)],
    ['a'.repeat(64), expect.stringMatching(/^a{63}$/)],
    ['z'.repeat(64), expect.stringMatching(/^z{52}-[0-9a-f]{10}$/)],
    ['über/alles', expect.stringMatching(/^ber-alles-[0-9a-f]{10}$/)],
    ['/', expect.stringMatching(/^[0-9a-f]{10}$/)],
  ])('makes a label of %s that Kubernetes takes', (id, label) => {
    expect(labelValueOf(id)).toEqual(label);
    expect(labelValueOf(id)).toMatch(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/);
  });

  it('keeps the labels of different ids different', () => {
    expect(labelValueOf(`${LONG}-1`)).not.toBe(labelValueOf(`${LONG}-2`));
    expect(labelValueOf('a/b')).not.toBe(labelValueOf('a b'));
  });
});
