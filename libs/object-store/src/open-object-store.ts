import { fileURLToPath } from 'node:url';
import type { ObjectStore } from '@slipway/domain';
import { FileObjectStore } from './file/file-object-store';
import { S3ObjectStore, type S3ObjectStoreOptions } from './s3/s3-object-store';

/** The object store that a URL names: `file:///folder`, or `s3://` with its options. Throws for any other. */
export function openObjectStore(url: string, s3: S3ObjectStoreOptions = {}): ObjectStore {
  if (url.startsWith('file:///')) return new FileObjectStore({ root: fileURLToPath(url) });
  if (url.startsWith('s3://')) return new S3ObjectStore(s3);
  throw new Error(`The object store "${url}" is neither file:///… nor s3://….`);
}
