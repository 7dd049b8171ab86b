import { ApiException } from '@kubernetes/client-node';
import { SlipwayError, isSlipwayError, type ErrorCode } from '@slipway/domain';

/** What the API server was asked to do, in the words of its access rules. */
export interface ApiAction {
  verb: 'create' | 'get' | 'list' | 'delete';
  resource: string;
  namespace: string;
}

/** What is known of a failed request. */
interface ApiFailure {
  /** Of HTTP; undefined where no answer came. */
  status?: number;
  /** The server's word for it: AlreadyExists, Conflict, Forbidden, Expired… */
  reason?: string;
  message: string;
  /** How long the server wants to be left alone, in milliseconds. */
  retryAfterMs?: number;
}

/** Statuses that the same request would get again, since it is the request that is wrong. */
const OUR_MISTAKES = new Set([400, 405, 406, 413, 415, 422]);

export function failureOf(error: unknown): ApiFailure {
  if (!(error instanceof ApiException)) return { message: messageOf(error) };
  const { reason, message } = statusObject(error.body);
  const seconds = Number(error.headers['retry-after']);
  return {
    status: error.code,
    reason,
    message: message ?? `status ${error.code}`,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}

/** The `Status` object that the server answers failures with; a proxy in between may answer anything. */
function statusObject(body: unknown): { reason?: string; message?: string } {
  try {
    return (typeof body === 'string' ? JSON.parse(body) : body) ?? {};
  } catch {
    return { message: String(body).slice(0, 200) };
  }
}

function messageOf(error: unknown): string {
  const { message, cause } = error as Error;
  // fetch says only that it failed; why stands in the cause.
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function isTimeLimit(error: unknown): boolean {
  return ['TimeoutError', 'AbortError'].includes((error as Error).name);
}

/** Whether the same request may succeed a moment later. */
export function mayPass({ status, reason }: ApiFailure): boolean {
  if (status === undefined || status === 408 || status === 429 || status >= 500) return true;
  // Such as two requests that meet at a quota; AlreadyExists comes with the same status and will stay.
  return reason === 'Conflict';
}

/** The failure as it goes into records and answers: with the right that is missing, where that is the cause. */
export function explained(error: unknown, action: ApiAction): SlipwayError {
  if (isSlipwayError(error)) return error;
  const failure = failureOf(error);
  const code: ErrorCode = OUR_MISTAKES.has(failure.status ?? 0) ? 'internal_error' : 'unavailable';
  const { verb, resource, namespace } = action;
  const what = `${verb} ${resource} in namespace ${namespace} (${failure.message}).`;
  const hint = lacksRight(failure, action) ? 'Give the account that Slipway runs as this right.' : undefined;
  return new SlipwayError(code, `${beginning(error, failure, action)} ${what}`, { hint, cause: error });
}

/** 403 is also the answer of quotas, of admission, and of a namespace that is being deleted. */
function lacksRight({ status, message }: ApiFailure, { verb }: ApiAction): boolean {
  return status === 403 && message.includes(`cannot ${verb} resource`);
}

function beginning(error: unknown, failure: ApiFailure, action: ApiAction): string {
  if (isTimeLimit(error)) return 'The Kubernetes API server took too long to';
  if (failure.status === undefined) return 'The Kubernetes API server could not be reached to';
  if (failure.status === 401) return 'The Kubernetes API server does not know who asks it to';
  return lacksRight(failure, action) ? 'The right is missing to' : 'The Kubernetes API server did not';
}
