import { join } from 'node:path';
import type { ContextStore } from '@slipway/domain';
import { FileContextStore } from './file/file-context-store';
import { parseObjectTags } from './s3/object-tags';
import { S3ContextStore, type S3ContextStoreOptions } from './s3/s3-context-store';

/** The settings that name stores for contexts, under the names of their variables. */
export interface ContextStoreConfig {
  STATE_DIR: string;
  S3_ENDPOINT?: string;
  S3_FORCE_PATH_STYLE: boolean;
  AWS_REGION: string;
  CONTEXT_BUCKET?: string;
  S3_SSE?: 'AES256' | 'aws:kms';
  S3_SSE_KMS_KEY_ID?: string;
  /** As `parseObjectTags` reads them. */
  S3_OBJECT_TAGS?: string;
  CONTEXT_ALIAS?: boolean;
}

function encryptionOf(config: ContextStoreConfig): S3ContextStoreOptions['encryption'] {
  const { S3_SSE: algorithm, S3_SSE_KMS_KEY_ID: keyId } = config;
  return algorithm && { algorithm, ...(keyId === undefined ? {} : { keyId }) };
}

/** The folder of the local platform, and S3 where a bucket is named. Throws where the tags are none. */
export function openContextStores(
  config: ContextStoreConfig,
  onAliasFailure?: (error: unknown) => void,
): ContextStore[] {
  const folder = new FileContextStore({ root: join(config.STATE_DIR, 'contexts') });
  if (config.CONTEXT_BUCKET === undefined) return [folder];
  const s3 = new S3ContextStore({
    endpoint: config.S3_ENDPOINT,
    region: config.AWS_REGION,
    forcePathStyle: config.S3_FORCE_PATH_STYLE,
    bucket: config.CONTEXT_BUCKET,
    encryption: encryptionOf(config),
    tags: config.S3_OBJECT_TAGS === undefined ? undefined : parseObjectTags(config.S3_OBJECT_TAGS),
    alias: config.CONTEXT_ALIAS,
    onAliasFailure,
  });
  return [folder, s3];
}
