import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { problemOf } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { answerClientError } from './client-error';

/** Bytes; the limit of a request over HTTP (wire §1). */
export const MAX_REQUEST = 10 * 1024 * 1024;
/** Milliseconds within which a request has to arrive whole; a client that stops half way holds its connection no longer. */
const REQUEST_TIMEOUT = 120_000;

const CORRELATION = /^[\x21-\x7e]{1,200}$/;

/** The caller's correlation id where it is sane, else a new one. */
function correlationId(request: IncomingMessage): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION.test(given) ? given : randomUUID();
}

function addressRefusal(error: FastifyError): SlipwayError {
  return error.code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? new SlipwayError('invalid_event', 'A part of the path is longer than any name.', {
        hint: 'Check the path.',
      })
    : new SlipwayError('invalid_event', 'The path is not properly percent-encoded.', {
        hint: 'Encode the path as UTF-8; a % itself is written as %25.',
      });
}

export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_REQUEST,
    requestTimeout: REQUEST_TIMEOUT,
    clientErrorHandler: answerClientError,
    genReqId: (request: IncomingMessage) => correlationId(request),
    forceCloseConnections: 'idle',
    // Raised before any route is known, such as by a path with broken percent-encoding.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(addressRefusal(error), request.id);
      void reply
        .status(400)
        .header('content-type', 'application/problem+json')
        .send(JSON.stringify({ ...problem, status: 400 }));
    },
  });
}

/** Leaves every body as bytes, because what counts as one event is decided on its bytes; echoes the correlation id. */
export function prepareHttp(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-correlation-id', request.id);
    const traceparent = request.headers['traceparent'];
    if (typeof traceparent === 'string') void reply.header('traceparent', traceparent);
  });
}
