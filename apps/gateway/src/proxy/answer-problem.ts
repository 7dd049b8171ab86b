import type { ServerResponse } from 'node:http';
import { SlipwayError, isSlipwayError, type ErrorCode } from '@slipway/domain';
import { problemOf } from '@slipway/contracts';

/** To a caller, a function that does not start is a service that is away, not a wrong input of the caller's. */
const STATUS: Partial<Record<ErrorCode, number>> = { function_crashed: 503, function_not_ready: 503 };

/** Answers with problem+json; where the answer has begun already, it is broken off. */
export function answerProblem(response: ServerResponse, error: unknown): void {
  const known = isSlipwayError(error)
    ? error
    : new SlipwayError('internal_error', 'The gateway failed.', { cause: error });
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const problem = problemOf(known);
  const status = STATUS[known.code] ?? problem.status;
  const body = JSON.stringify({
    ...problem,
    status,
    ...(known.logLine === undefined ? {} : { log_line: known.logLine }),
  });
  const after = known.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    ...(after === undefined ? {} : { 'retry-after': String(after) }),
  });
  response.end(body);
}
