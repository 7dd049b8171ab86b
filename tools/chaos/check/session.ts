import pg from 'pg';

/** A halted server takes connections and says nothing. */
const CONNECT_LIMIT_MS = 10_000;

/**
 * Runs `work` on one snapshot of the ledger, so that all that is read belongs together. What it writes into temporary tables
 * is gone afterwards; nothing else is ever written.
 */
export async function withLedger<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'slipway-check',
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  });
  // The next query fails and says so; without a listener a lost connection ends the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read');
    return await work(client);
  } finally {
    await client.end();
  }
}
