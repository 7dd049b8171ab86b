import { connect } from 'node:net';

/** What came back before the connection was closed; status 0 where nothing did. */
export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

/** Longer than any honest answer takes on a slow machine. */
const HANG_MS = 20_000;

/** Sends bytes as they are, and reads until the other side closes. Fails where it neither answers nor closes. */
export function ask(port: number, request: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setTimeout(HANG_MS, () => socket.destroy(new Error(`no answer to ${shown(request)}`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server may answer and close before it has read everything.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const end = text.indexOf('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        contentType: /^content-type: ([^;\r]+)/im.exec(text.slice(0, end))?.[1] ?? '',
        body: text.slice(end + 4),
      });
    });
  });
}

/** The beginning of a request, for the message of a failure. */
export function shown(request: Buffer): string {
  return JSON.stringify(request.subarray(0, 300).toString('latin1'));
}

/** An HTTP/1.1 request after which the server closes, with these header lines besides. */
export function requestOf(line: string, headers: readonly string[], body: Buffer | string = ''): Buffer {
  const all = [line, 'Host: 127.0.0.1', 'Connection: close', ...headers];
  return Buffer.concat([Buffer.from(`${all.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}
