import { ERROR_CATALOGUE, type ErrorCode, type ErrorEntry } from './catalogue';

/** One wrong field of an input: a JSON pointer into it, and what is wrong with the value. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** Why a build or a deployment failed, as it stands in events, records and answers. */
export interface Cause {
  code: ErrorCode;
  message: string;
  hint: string;
  retryable: boolean;
  /** The line of the log that tells most. */
  log_line?: string;
  /** Set where the failure was taken over from the build that this one waited for. */
  shared_from?: string;
}

export interface SlipwayErrorOptions {
  hint?: string;
  logLine?: string;
  problems?: FieldProblem[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** A failure with a code of the catalogue. `message` is a sentence for a person and names the value that was wrong. */
export class SlipwayError extends Error {
  override readonly name = 'SlipwayError';
  readonly problems: FieldProblem[];
  readonly hint: string;
  readonly logLine?: string;
  readonly retryAfterSeconds?: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: SlipwayErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.problems = options.problems ?? [];
    this.hint = options.hint ?? ERROR_CATALOGUE[code].hint;
    this.logLine = options.logLine;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get entry(): ErrorEntry {
    return ERROR_CATALOGUE[this.code];
  }
}

/** Compares by name, because two bundles of one process tree each carry their own class. */
export function isSlipwayError(error: unknown): error is SlipwayError {
  return error instanceof Error && error.name === 'SlipwayError' && 'code' in error;
}

/** The cause that a failure leaves in the record. What is not ours becomes `fallback`, so nothing is swallowed or leaked as is. */
export function causeOf(error: unknown, fallback: ErrorCode = 'internal_error'): Cause {
  if (isSlipwayError(error)) {
    return {
      code: error.code,
      message: error.message,
      hint: error.hint,
      retryable: error.entry.retryable,
      ...(error.logLine === undefined ? {} : { log_line: error.logLine }),
    };
  }
  const entry = ERROR_CATALOGUE[fallback];
  const message = error instanceof Error ? error.message : String(error);
  return { code: fallback, message, hint: entry.hint, retryable: entry.retryable };
}
