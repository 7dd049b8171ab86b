import { FileObjectStore } from './file/file-object-store';
import { openContextStores } from './open-context-stores';
import { openObjectStore } from './open-object-store';
import { parseObjectTags } from './s3/object-tags';
import { S3ObjectStore } from './s3/s3-object-store';

describe('the address of an object store', () => {
  it.each([
    ['file:///var/lib/objects', FileObjectStore],
    ['s3://', S3ObjectStore],
  ])('%s opens the one that it names', (url, kind) => expect(openObjectStore(url)).toBeInstanceOf(kind));

  it.each(['file://host/x', '/var/lib/objects', 'http://example', ''])('%j is refused', (url) => {
    expect(() => openObjectStore(url)).toThrow('neither file:///… nor s3://…');
  });
});

describe('the settings of context stores', () => {
  it.each([
    ['no bucket', {}, ['file']],
    ['a bucket', { CONTEXT_BUCKET: 'contexts' }, ['file', 's3']],
  ])('with %s open those that they mean', (_, settings, kinds) => {
    const rest = {
      STATE_DIR: '/var/lib/slipway',
      AWS_REGION: 'us-east-1',
      S3_FORCE_PATH_STYLE: false,
      CONTEXT_ALIAS: true,
    };
    expect(openContextStores({ ...rest, ...settings }).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('object tags in a setting', () => {
  it.each([
    ['team=build', { team: 'build' }],
    ['team=build and run,cost:center=1+1=2', { team: 'build and run', 'cost:center': '1+1=2' }],
    ['empty=', { empty: '' }],
    ['Größe=übergroß', { Größe: 'übergroß' }],
    [`${'n'.repeat(128)}=${'v'.repeat(256)}`, { ['n'.repeat(128)]: 'v'.repeat(256) }],
  ])('are read: %s', (text, tags) => expect(parseObjectTags(text)).toEqual(tags));

  it.each([
    ['', /name=value pairs .*""/],
    ['team', /name=value pairs .*"team"/],
    ['=build', /name=value pairs/],
    ['a=1,,b=2', /name=value pairs/],
    ['a=1,b=2,', /name=value pairs/],
    ['a=1,a=2', /the tag "a" once/],
    [Array.from({ length: 11 }, (_, number) => `t${number}=x`).join(), /at most 10 tags, and holds 11/],
    [`${'n'.repeat(129)}=x`, /at most 128 characters in the name .* has 129/],
    [`a=${'v'.repeat(257)}`, /at most 256 characters in the value of "a", and has 257/],
    ['a=b&c', /only letters, .* in the value of "a"/],
    ['a*=b', /only letters, .* in the name "a\*"/],
    ['a=1, b=2', /no space .* the name " b"/],
    ['a=1 ', /no space .* the value of "a"/],
    ['aws:a=b', /must not name "aws:a"/],
  ])('are refused: %s', (text, message) => expect(() => parseObjectTags(text)).toThrow(message));
});
