export { FileContextStore } from './file/file-context-store';
export { FileObjectStore } from './file/file-object-store';
export { openObjectStore } from './open-object-store';
export { S3ObjectStore, type S3ObjectStoreOptions } from './s3/s3-object-store';
