import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problemOf } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';

/** What Node's parser says of bytes that are no request: `code` names the fault, `reason` says it in words. */
interface ParserError extends Error {
  code?: string;
  reason?: string;
}

function refusalOf(error: ParserError): { status: number; detail: string } {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, detail: 'The request line and the headers together are too large.' };
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, detail: 'The request did not arrive in time.' };
  }
  return { status: 400, detail: `This is not HTTP/1.1: ${error.reason ?? error.message}.` };
}

/** Answers with problem+json what a server refuses before there is a request (its event `clientError`). */
export function answerClientError(error: ParserError, socket: Socket): void {
  // Whoever broke off hears nothing any more.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = refusalOf(error);
  const refused = new SlipwayError('invalid_event', detail, {
    hint: 'Check the client, or the proxy between it and this server.',
  });
  const body = JSON.stringify({ ...problemOf(refused), status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
