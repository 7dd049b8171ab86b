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

/** Whether the head of an answer is on its way. What Node's own handler of this event looks at (lib/_http_server.js). */
function isAnswering(socket: Socket & { _httpMessage?: { _headerSent?: boolean } }): boolean {
  return socket._httpMessage?._headerSent === true;
}

/** Answers with problem+json what a server refuses before there is a request (its event `clientError`). */
export function answerClientError(error: ParserError, socket: Socket): void {
  // Whoever broke off hears nothing any more; and an answer within another one would be taken for a part of it, or for the next.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
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
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Not only our side: one that stopped half way would hold the other open for ever.
  socket.destroySoon();
}
