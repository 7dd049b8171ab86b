import type { BuildStartData } from '@slipway/contracts';
import { sourceOf } from './source-of';

const DEFAULTS = { bucket: 'slipway-sources', tenant: 'acme', parser: 'greet' };

describe('the source of a build', () => {
  it.each<[string, BuildStartData, object]>([
    ['nothing', {}, { kind: 'object', bucket: 'slipway-sources', key: 'global/parser/greet' }],
    [
      'a key',
      { source: { kind: 'object', key: 'tenants/acme/x' } },
      { kind: 'object', key: 'tenants/acme/x' },
    ],
    [
      's3://',
      { source_url: 's3://b-1/global/parser/p' },
      { kind: 'object', bucket: 'b-1', key: 'global/parser/p' },
    ],
    [
      'an archive',
      { source_url: 'https://h/x.tar.gz?sig=1' },
      { kind: 'archive', url: 'https://h/x.tar.gz?sig=1' },
    ],
    ['a git host', { source_url: 'https://github.com/example/parser' }, { kind: 'git' }],
    ['a repository by http', { source_url: 'http://h/x.git' }, { kind: 'git', url: 'http://h/x.git' }],
    ['code', { code: 'x' }, { kind: 'inline', files: { '': 'x' } }],
    [
      'code with an entrypoint',
      { code: 'x', entrypoint: 'remediation.py' },
      { files: { 'remediation.py': 'x' } },
    ],
    [
      'files',
      { source: { kind: 'inline', files: { 'a.js': 'x' } } },
      { kind: 'inline', files: { 'a.js': 'x' } },
    ],
  ])('is read from %s', (_what, request, expected) => {
    expect(sourceOf(request, DEFAULTS)).toMatchObject(expected);
  });

  it.each<[string, BuildStartData, string]>([
    ["another tenant's key", { source: { kind: 'object', key: 'tenants/other/x' } }, '/data/source/key'],
    ['a key that climbs', { source: { kind: 'object', key: 'global/parser/../../x' } }, '/data/source/key'],
    ['a key of nobody', { source: { kind: 'object', key: 'secrets/x' } }, '/data/source/key'],
    ['a file URL', { source_url: 'file:///etc/passwd' }, '/data/source_url'],
    ['a plain http page', { source_url: 'http://127.0.0.1:8080/' }, '/data/source_url'],
    ['no URL', { source_url: 'parser' }, '/data/source_url'],
    ['two sources', { source_url: 'https://h/x.zip', code: 'x' }, '/data/code'],
    ['an archive without URL', { source: { kind: 'archive' } }, '/data/source/url'],
    ['no files', { source: { kind: 'inline', files: {} } }, '/data/source/files'],
    [
      'a file that is no text',
      { source: { kind: 'inline', files: { 'a.js': 1 as never } } },
      '/data/source/files/a.js',
    ],
  ])('is refused for %s', (_what, request, pointer) => {
    expect(() => sourceOf(request, DEFAULTS)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ pointer })] as unknown }) as Error,
    );
  });
});
