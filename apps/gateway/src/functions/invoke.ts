import { request, type IncomingHttpHeaders } from 'node:http';
import { SlipwayError } from '@slipway/domain';
import { CallTimer } from './call-timer';
import type { FunctionPool } from './function-pool';

export interface FunctionRequest {
  headers: Record<string, string>;
  body: Buffer;
  /** Default: the function's own `timeout_seconds`, else 300. */
  timeoutSeconds?: number;
}

export interface FunctionResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A reply becomes a message, so it may not be larger than one. */
const MAX_REPLY = 10 * 1024 ** 2;

/**
 * Sends one POST to a function and reads its whole answer. Fails with `not_found`, `unavailable`, `function_crashed`,
 * `function_not_ready`, `function_timeout`, or `function_failed` where the connection breaks or the answer is too large.
 */
export async function invoke(
  pool: FunctionPool,
  service: string,
  call: FunctionRequest,
): Promise<FunctionResponse> {
  const timer = new CallTimer();
  timer.wait(service);
  try {
    const { definition, port, release } = await pool.acquire(service, timer.signal);
    timer.begin(service, call.timeoutSeconds ?? definition.options.timeout_seconds);
    return await post(service, port, call, timer.signal).finally(release);
  } finally {
    timer.end();
  }
}

function post(
  service: string,
  port: number,
  call: FunctionRequest,
  signal: AbortSignal,
): Promise<FunctionResponse> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      const message = `The function ${service} did not answer properly: ${cause.message}.`;
      reject(
        signal.aborted ? (signal.reason as Error) : new SlipwayError('function_failed', message, { cause }),
      );
    };
    const headers = { ...call.headers, 'content-length': String(call.body.length) };
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/', agent: false, headers, signal };
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_REPLY) asked.destroy(new Error(`its answer is larger than ${MAX_REPLY} bytes`));
      });
      response.on('error', failed);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 502,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      });
    });
    asked.on('error', failed);
    asked.end(call.body);
  });
}
