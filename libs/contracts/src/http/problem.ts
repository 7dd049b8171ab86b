import { ERROR_CATALOGUE, type FieldProblem, type SlipwayError } from '@slipway/domain';

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint: string;
  correlation_id?: string;
  errors?: FieldProblem[];
}

export function problemOf(error: SlipwayError, correlationId?: string): Problem {
  const entry = ERROR_CATALOGUE[error.code];
  return {
    type: `urn:slipway:error:${error.code}`,
    title: entry.title,
    status: entry.status,
    detail: error.message,
    code: error.code,
    hint: error.hint,
    ...(correlationId === undefined ? {} : { correlation_id: correlationId }),
    ...(error.problems.length === 0 ? {} : { errors: error.problems }),
  };
}
