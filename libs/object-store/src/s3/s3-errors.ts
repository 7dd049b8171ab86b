import { SlipwayError, isSlipwayError, type ErrorCode } from '@slipway/domain';

/** What is known of a failure that the SDK throws: the server's code, or a name of the SDK's own. */
interface ServiceError {
  name?: string;
  message?: string;
  /** Of Node, where the connection failed. */
  code?: string;
  /** Of S3, where a signature was made for another region than the bucket's. */
  Region?: string;
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
  $response?: { headers?: Record<string, string> };
}

/** Codes of S3 (API reference, "Error responses") and of the SDK that say more than the HTTP status beside them. */
const BY_NAME: Record<string, ErrorCode> = {
  NoSuchKey: 'source_missing',
  NoSuchBucket: 'source_bucket_missing',
  InvalidBucketName: 'source_bucket_missing',
  // What a server says of a bucket that lies in another region.
  PermanentRedirect: 'source_bucket_missing',
  AuthorizationHeaderMalformed: 'source_bucket_missing',
  SlowDown: 'source_throttled',
  RequestTimeout: 'source_timeout',
  TimeoutError: 'source_timeout',
  AbortError: 'source_timeout',
  // The SDK's own, where the environment holds no credentials at all.
  CredentialsProviderError: 'source_denied',
};

const BY_STATUS: Record<number, ErrorCode> = {
  301: 'source_bucket_missing',
  404: 'source_missing',
  408: 'source_timeout',
  // Two conditional writes of one key met: who comes later must ask again.
  409: 'source_unreachable',
  412: 'source_changed',
  429: 'source_throttled',
  503: 'source_throttled',
};

const SENTENCES: Partial<Record<ErrorCode, (name: string, region?: string) => string>> = {
  source_missing: (name) => `source file not found: ${name}`,
  source_bucket_missing: (name, region) =>
    `source file not found: ${name}; its bucket ${region ? `lies in the region ${region}` : 'is not there'}`,
  source_denied: (name) => `Access to ${name} was denied`,
  source_changed: (name) => `${name} changed while it was read`,
  source_throttled: (name) => `The object store has no time for ${name}`,
  source_timeout: (name) => `The object store took too long over ${name}`,
};

/** The SDK calls these time limits as well. */
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE']);

/** The HTTP status that a failure came with; undefined where no answer came. */
export function statusOf(error: unknown): number | undefined {
  return (error as ServiceError).$metadata?.httpStatusCode;
}

/** The bucket's region, as far as a server says where it lies instead of the one that was asked. */
function regionOf({ $response, Region }: ServiceError): string | undefined {
  return $response?.headers?.['x-amz-bucket-region'] ?? Region;
}

function codeOf(error: ServiceError): ErrorCode {
  // The SDK has taken over the server's time: the next signature will do.
  if (error.$metadata?.clockSkewCorrected) return 'source_unreachable';
  if (BROKEN_CONNECTION.has(error.code ?? '')) return 'source_unreachable';
  const status = statusOf(error) ?? 0;
  const known = BY_NAME[error.name ?? ''] ?? BY_STATUS[status];
  if (known) return known;
  // Whatever else the server blames on the request, it will say again.
  return status >= 400 && status < 500 ? 'source_denied' : 'source_unreachable';
}

/** What a failure of the object store means for the object that was asked for. */
export function explained(error: unknown, name: string): SlipwayError {
  if (isSlipwayError(error)) return error;
  const failure = error as ServiceError;
  const code = codeOf(failure);
  const sentence = SENTENCES[code]?.(name, regionOf(failure)) ?? `The object store did not deliver ${name}`;
  // What a server says when it refuses names accounts and roles of the operator; the log has it, as the cause.
  const words = code === 'source_denied' ? [failure.name] : [failure.name, failure.message];
  const why = words.filter(Boolean).join(': ');
  return new SlipwayError(code, code === 'source_missing' ? sentence : `${sentence} (${why}).`, {
    cause: error,
  });
}

/** Whether the same request may succeed a moment later. What changed has to be read from its beginning. */
export function mayPass(failure: SlipwayError): boolean {
  return failure.entry.retryable && failure.code !== 'source_changed';
}
