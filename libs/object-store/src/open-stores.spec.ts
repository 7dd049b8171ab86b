import { FileObjectStore } from './file/file-object-store';
import { openObjectStore } from './open-object-store';
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
