import { Socket } from 'node:net';
import type { ClientConfig } from 'pg';

const STATEMENT_TIMEOUT_MS = 15_000;
/** PostgreSQL ends a statement at its time limit; an answer that is not there so long after that will not come. */
const GRACE_MS = 5_000;
/** Nobody waits inside a transaction: a session that does has lost its client, and holds locks that others need. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** Clients give idle connections up sooner and listeners speak more often: a session silent for so long has lost its client. */
const IDLE_SESSION_MS = 60_000;

/**
 * What was sent or done leaves dead entries in the indexes of the queues until the next vacuum. A plain index scan marks
 * them on its first visit and passes over them afterwards; a bitmap scan, which few rows make look cheaper, visits all of
 * them each time.
 */
const PLANS = '-c enable_bitmapscan=off';

/**
 * A socket that gives up when nothing passes for longer than a statement may take. Without it whoever asks over a
 * half-open connection waits for as long as TCP does, which is a quarter of an hour and more.
 */
function watchedSocket(statementTimeoutMs: number): Socket {
  const limit = statementTimeoutMs + GRACE_MS;
  const socket = new Socket();
  return socket.setTimeout(limit, () => {
    socket.destroy(new Error(`Connection terminated: nothing came from PostgreSQL for ${limit} ms`));
  });
}

/** How a connection to the ledger is made, so that neither end waits for one that is gone. Needs PostgreSQL 14. */
export function connectionSettings(
  url: string,
  applicationName: string,
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    options: `-c idle_session_timeout=${IDLE_SESSION_MS} ${PLANS}`,
    stream: () => watchedSocket(statementTimeoutMs),
    keepAlive: true,
    application_name: applicationName,
  };
}
