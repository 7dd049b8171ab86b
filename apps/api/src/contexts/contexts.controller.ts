import { Controller, Headers, Post, Req, Res } from '@nestjs/common';
import { MAX_COMMAND_BYTES, parseJson } from '@slipway/contracts';
import { SlipwayError, isSlipwayError } from '@slipway/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answered } from '../http/answer';
import { CreateContext } from './create-context';

const DEFAULT_WAIT_SECONDS = 20;
/** Below what proxies allow a request. */
const MAX_WAIT_SECONDS = 50;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

@Controller('contexts')
export class ContextsController {
  constructor(private readonly create: CreateContext) {}

  /** 201 with the stored context; 202 where it takes longer than the caller waits; else a problem with the cause. */
  @Post()
  async post(
    @Req() request: FastifyRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const contextRequest = {
      body: objectIn(request.body),
      idempotencyKey: idempotencyKeyIn(key),
      correlationId: request.id,
      waitMs: waitSecondsIn(prefer) * 1000,
    };
    return answered(async () => {
      const created = await this.create
        .execute(contextRequest, (id) => void reply.header('location', `/builds/${id}`))
        .catch((error: unknown) => {
          throw ofBody(error);
        });
      void reply.status(created.done ? 201 : 202);
      return created.done ? { build_id: created.buildId, ...created.context } : created.accepted;
    });
  }
}

function objectIn(body: unknown): Record<string, unknown> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (bytes.length > MAX_COMMAND_BYTES) {
    throw new SlipwayError(
      'payload_too_large',
      `The body has ${bytes.length} bytes; at most ${MAX_COMMAND_BYTES} are taken.`,
    );
  }
  const value = jsonIn(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw notAnObject('The body is no JSON object.');
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return parseJson(bytes, 'The body');
  } catch (error) {
    // Read as events are, but it is none.
    throw isSlipwayError(error) ? notAnObject(error.message) : error;
  }
}

function notAnObject(message: string): SlipwayError {
  return new SlipwayError('invalid_event', message, {
    hint: 'Send the data of build.start as a JSON object, such as {"third_party_id": …, "parser_id": …, "code": …}.',
  });
}

function idempotencyKeyIn(key: string | undefined): string | undefined {
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return key;
  throw new SlipwayError(
    'invalid_event',
    'Idempotency-Key must be 1–200 printable ASCII characters without spaces.',
    {
      problems: [{ pointer: '/headers/idempotency-key', detail: 'must be 1–200 printable ASCII characters' }],
    },
  );
}

/** `Prefer: wait=N` in seconds (RFC 7240 §4.3); a preference that cannot be met is no error. */
function waitSecondsIn(prefer: string | undefined): number {
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  return wait === undefined ? DEFAULT_WAIT_SECONDS : Math.min(Number(wait), MAX_WAIT_SECONDS);
}

/** The body is validated as the data of an event; here its fields stand at the top. */
function ofBody(error: unknown): unknown {
  if (!isSlipwayError(error) || error.problems.length === 0) return error;
  const atTop = (pointer: string): string => pointer.replace(/^\/data(?=\/|$)/, '');
  return new SlipwayError(error.code, error.message.replace(/^\/data(?=\/)/, ''), {
    hint: error.hint,
    problems: error.problems.map(({ pointer, detail }) => ({ pointer: atTop(pointer), detail })),
    cause: error,
  });
}
