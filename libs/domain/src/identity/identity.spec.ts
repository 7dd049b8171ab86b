import { identityOf, type IdentityInput } from './identity';

const BASE: IdentityInput = {
  tenant: 'acme',
  platform: 'local',
  builder: 'host',
  baseImage: 'node:24',
  buildArguments: { A: '1', B: '2' },
  entrypoint: 'a.js',
  entries: [
    { path: 'a.js', executable: false, content: Buffer.from('one') },
    { path: 'b/c.js', executable: true, content: Buffer.from('two') },
  ],
};

const entry = (change: object): IdentityInput => ({
  ...BASE,
  entries: [{ ...BASE.entries[0]!, ...change }, BASE.entries[1]!],
});

describe('identity', () => {
  it.each<[string, IdentityInput]>([
    ['tenant', { ...BASE, tenant: 'other' }],
    ['platform', { ...BASE, platform: 'kubernetes' }],
    ['builder', { ...BASE, builder: 'kaniko' }],
    ['base image', { ...BASE, baseImage: 'node:22' }],
    ['a build argument', { ...BASE, buildArguments: { A: '1', B: '3' } }],
    ['the name of a build argument', { ...BASE, buildArguments: { A: '1', C: '2' } }],
    ['entrypoint', { ...BASE, entrypoint: 'b.js' }],
    ['the content of a file', entry({ content: Buffer.from('One') })],
    ['the path of a file', entry({ path: 'z.js' })],
    ['the executable bit', entry({ executable: true })],
    ['one file less', { ...BASE, entries: BASE.entries.slice(1) }],
    ['text that moves from one field to the next', { ...BASE, tenant: 'acmel', platform: 'ocal' }],
  ])('changes with %s', (_what, changed) => {
    expect(identityOf(changed)).not.toBe(identityOf(BASE));
  });

  it('does not change with the order of files or of arguments', () => {
    const turned = { ...BASE, entries: [...BASE.entries].reverse(), buildArguments: { B: '2', A: '1' } };
    expect(identityOf(turned)).toBe(identityOf(BASE));
  });

  it('stays what it is: stored identities must keep their meaning', () => {
    expect(identityOf(BASE)).toMatch(/^[0-9a-f]{64}$/);
    expect(identityOf(BASE)).toMatchInlineSnapshot(
      `"dbb8e407c252d26c0ee3fb20b5a15e077bf2f577f2d917d1357178af852908d7"`,
    );
  });
});
