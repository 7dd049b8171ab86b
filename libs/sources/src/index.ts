export { packContext, type PackedContext } from './archive/pack-context';
export { sourceCredentialsFrom } from './credentials/credentials-file';
export type { SourceCredential } from './credentials/source-credentials';
export { DEFAULT_LIMITS, type SourceLimits } from './limits';
export { assertObjectKey } from './object/object-key';
export { SourceReader, type SourceReaderOptions } from './source-reader';
