import type { ServerResponse } from 'node:http';
import type { Fault } from '@slipway/testing';

function begun(response: ServerResponse, length: number, part: string): ServerResponse {
  response.writeHead(200, { 'content-length': length, etag: '"of-the-proxy"' }).write(part);
  return response;
}

/** Takes the request and never answers. */
export const hang: Fault = () => true;

/** Breaks the connection without an answer. */
export const reset: Fault = (request) => {
  request.socket.destroy();
  return true;
};

/** Sends the beginning and then nothing. */
export const stall: Fault = (_request, response) => Boolean(begun(response, 100, 'half'));

/** Announces an object of `length` bytes, sends a part with the ETag given, and breaks the connection. */
export function cut(part: string, length: number, etag: string): Fault {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': length, etag });
    response.write(part, () => response.socket?.end());
    return true;
  };
}

/** Sends other bytes than those that the checksum beside them belongs to. */
export const damaged: Fault = (_request, response) => {
  const headers = { 'content-length': 4, etag: '"e"', 'x-amz-checksum-crc32': 'AAAAAA==' };
  response.writeHead(200, headers).end('evil');
  return true;
};

/** Sends a body that has no end. */
export const endless: Fault = (_request, response) => {
  response.writeHead(200, { 'transfer-encoding': 'chunked' });
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
  return true;
};

/** Lets the server do what is asked. */
export const pass: Fault = () => false;

/** Lets the server do what is asked, and loses its answer. */
export const loseTheAnswer: Fault = (_request, response) => {
  response.writeHead = () => response.destroy();
  return false;
};

/** Lets the server do what is asked after something else has happened. */
export function after(work: () => Promise<unknown>): Fault {
  return async () => {
    await work();
    return false;
  };
}

/** Says that the bucket lies in another region, which S3 does in a header or in the body. */
export function otherRegion(status: number, code: string, region: string): Fault {
  const body = `<Error><Code>${code}</Code><Message>by the proxy</Message>`;
  return (_request, response) => {
    if (status === 301) response.writeHead(status, { 'x-amz-bucket-region': region }).end(`${body}</Error>`);
    else response.writeHead(status).end(`${body}<Region>${region}</Region></Error>`);
    return true;
  };
}
