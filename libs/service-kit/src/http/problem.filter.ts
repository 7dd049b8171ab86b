import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { problemOf } from '@slipway/contracts';
import { SlipwayError, isSlipwayError, type ErrorCode } from '@slipway/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger';
import { MAX_REQUEST } from './http-server';

/** Turns what a library threw into one of our errors, or leaves it. */
export type ErrorTranslator = (error: unknown) => SlipwayError | undefined;

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'invalid_event',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  503: 'unavailable',
};

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status =
    typeof error === 'object' && error !== null ? (error as { statusCode?: unknown }).statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** Characters of a foreign text inside a sentence. */
const SHOWN = 200;

/** What Nest or Fastify refused, in a sentence that names what is wrong and with what is right. */
function refusal(code: ErrorCode, error: unknown, request: FastifyRequest): SlipwayError {
  switch (code) {
    case 'not_found':
      return new SlipwayError(
        code,
        `Nothing here answers ${request.method} ${request.url.split('?')[0]!.slice(0, SHOWN)}.`,
        {
          hint: 'Check the method and the path.',
        },
      );
    case 'payload_too_large':
      return new SlipwayError(code, `The body is larger than ${MAX_REQUEST} bytes.`);
    case 'unsupported_media_type':
      return new SlipwayError(
        code,
        `Content-Type is "${(request.headers['content-type'] ?? '').slice(0, SHOWN)}", which is no media type.`,
      );
    default:
      return new SlipwayError(code, error instanceof Error ? error.message : 'The request was refused.');
  }
}

/** Every failure leaves as application/problem+json; what is not ours is logged whole and shown without its insides. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly translate: ErrorTranslator,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = this.known(error, request);
    if (known.entry.status >= 500) {
      this.logger.error({ err: error, correlation_id: request.id, url: request.url }, 'request failed');
    }
    if (known.retryAfterSeconds !== undefined || known.entry.status === 503) {
      void reply.header('retry-after', String(known.retryAfterSeconds ?? 1));
    }
    void reply
      .status(known.entry.status)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problemOf(known, request.id)));
  }

  private known(error: unknown, request: FastifyRequest): SlipwayError {
    if (isSlipwayError(error)) return error;
    const translated = this.translate(error);
    if (translated) return translated;
    const status = statusOf(error);
    const code = status === undefined ? undefined : BY_STATUS[status];
    if (code) return refusal(code, error, request);
    return new SlipwayError('internal_error', 'The request could not be carried out.', { cause: error });
  }
}
