import type { ErrorCode } from '@slipway/domain';
import { explained, mayPass } from './s3-errors';

interface Row {
  code: ErrorCode;
  again: boolean;
  /** What the SDK throws. */
  error: { name: string; code?: string };
  status?: number;
}

const ROWS: Row[] = [
  { code: 'source_missing', again: false, error: { name: 'NoSuchKey' }, status: 404 },
  // The answer to HEAD has no body, and with it no code.
  { code: 'source_missing', again: false, error: { name: 'NotFound' }, status: 404 },
  { code: 'source_bucket_missing', again: false, error: { name: 'NoSuchBucket' }, status: 404 },
  { code: 'source_bucket_missing', again: false, error: { name: 'PermanentRedirect' }, status: 301 },
  {
    code: 'source_bucket_missing',
    again: false,
    error: { name: 'AuthorizationHeaderMalformed' },
    status: 400,
  },
  { code: 'source_denied', again: false, error: { name: 'AccessDenied' }, status: 403 },
  { code: 'source_denied', again: false, error: { name: 'InvalidObjectState' }, status: 403 },
  { code: 'source_denied', again: false, error: { name: 'ExpiredToken' }, status: 400 },
  { code: 'source_denied', again: false, error: { name: 'CredentialsProviderError' } },
  { code: 'source_changed', again: false, error: { name: 'PreconditionFailed' }, status: 412 },
  { code: 'source_throttled', again: true, error: { name: 'SlowDown' }, status: 503 },
  { code: 'source_throttled', again: true, error: { name: 'TooManyRequests' }, status: 429 },
  { code: 'source_timeout', again: true, error: { name: 'RequestTimeout' }, status: 400 },
  { code: 'source_timeout', again: true, error: { name: 'TimeoutError' } },
  { code: 'source_timeout', again: true, error: { name: 'AbortError' } },
  { code: 'source_unreachable', again: true, error: { name: 'InternalError' }, status: 500 },
  { code: 'source_unreachable', again: true, error: { name: 'ConditionalRequestConflict' }, status: 409 },
  { code: 'source_unreachable', again: true, error: { name: 'Error', code: 'ECONNREFUSED' } },
  { code: 'source_unreachable', again: true, error: { name: 'TimeoutError', code: 'ECONNRESET' } },
];

describe('what a failure of S3 means', () => {
  it.each(ROWS)('$code, asked again: $again, for $error with status $status', (row) => {
    const thrown = Object.assign(new Error('said by S3'), row.error, {
      $metadata: { httpStatusCode: row.status },
    });
    const failure = explained(thrown, 'bucket/key');
    const message = expect.stringContaining('bucket/key');
    expect(failure).toMatchObject({ code: row.code, message, cause: thrown });
    expect(mayPass(failure)).toBe(row.again);
  });

  it('may pass where the SDK has taken over the time of the server', () => {
    const $metadata = { httpStatusCode: 403, clockSkewCorrected: true };
    const error = Object.assign(new Error('said by S3'), { name: 'RequestTimeTooSkewed', $metadata });
    expect(mayPass(explained(error, 'bucket/key'))).toBe(true);
  });
});
