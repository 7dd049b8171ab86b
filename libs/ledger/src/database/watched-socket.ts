import { Socket } from 'node:net';

/** PostgreSQL ends a statement at its time limit; an answer that is not there so long after that will not come. */
const GRACE_MS = 5_000;

/**
 * A socket that gives up when nothing passes for longer than a statement may take. Without it whoever asks over a
 * half-open connection waits for as long as TCP does, which is a quarter of an hour and more.
 */
export function watchedSocket(statementTimeoutMs: number): Socket {
  const limit = statementTimeoutMs + GRACE_MS;
  const socket = new Socket();
  return socket.setTimeout(limit, () => {
    socket.destroy(new Error(`Connection terminated: nothing came from PostgreSQL for ${limit} ms`));
  });
}
