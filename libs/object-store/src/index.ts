export { FileContextStore } from './file/file-context-store';
export { FileObjectStore } from './file/file-object-store';
export { openContextStores, type ContextStoreConfig } from './open-context-stores';
export { openObjectStore } from './open-object-store';
export { parseObjectTags } from './s3/object-tags';
export { S3ContextStore, type S3ContextStoreOptions } from './s3/s3-context-store';
export { S3ObjectStore, type S3ObjectStoreOptions } from './s3/s3-object-store';
