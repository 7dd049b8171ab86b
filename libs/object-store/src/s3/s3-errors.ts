import { SlipwayError, isSlipwayError } from '@slipway/domain';

interface ServiceError {
  name?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

const MISSING = new Set(['NoSuchKey', 'NoSuchBucket', 'NotFound']);
const DENIED = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'Forbidden',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  // The SDK's own, where the environment holds no credentials at all.
  'CredentialsProviderError',
]);

/** What a failure of the object store means for the source that was asked for. */
export function explained(error: unknown, name: string): SlipwayError {
  if (isSlipwayError(error)) return error;
  const { name: code = '', message = '', $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (MISSING.has(code) || status === 404) {
    return new SlipwayError('source_missing', `source file not found: ${name}`, { cause: error });
  }
  if (DENIED.has(code) || status === 401 || status === 403) {
    return new SlipwayError('source_denied', `Access to ${name} was denied (${code || status}).`, {
      cause: error,
    });
  }
  const why = [code, message].filter((part) => part !== '').join(': ');
  return new SlipwayError('source_unreachable', `The object store did not deliver ${name} (${why}).`, {
    cause: error,
  });
}
