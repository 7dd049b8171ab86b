export { packContext, type PackedContext } from './archive/pack-context';
export { DEFAULT_LIMITS, type SourceLimits } from './limits';
export { assertObjectKey } from './object/object-key';
export { SourceReader, type SourceReaderOptions } from './source-reader';
