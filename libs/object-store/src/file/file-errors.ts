import { SlipwayError, isSlipwayError } from '@slipway/domain';

/** What a failure of the file system means for the object that was asked for. */
export function explained(error: unknown, name: string): unknown {
  if (isSlipwayError(error)) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENAMETOOLONG':
      return new SlipwayError('source_missing', `source file not found: ${name}`, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'ELOOP':
      return new SlipwayError('source_denied', `Access to ${name} was denied.`, { cause: error });
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EROFS':
      return new SlipwayError('source_unreachable', `The object store's disk failed for ${name}.`, {
        cause: error,
      });
    default:
      return error;
  }
}
