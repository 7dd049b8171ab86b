import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Ledger, isLedgerAway } from '../src';
import { testLedger } from './test-ledger';

/** Passes bytes on to PostgreSQL until it is told to be silent; then it keeps the connections and drops what comes. */
async function mutableRelay(target: URL) {
  const sockets: Socket[] = [];
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('data', (bytes) => silent || upstream.write(bytes));
    upstream.on('data', (bytes) => silent || client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mute: (on: boolean) => (silent = on),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a half-open connection to PostgreSQL', () => {
  it('is given up, said to be the ledger being away, and replaced', async () => {
    const given = await testLedger();
    const url = new URL(given.url);
    const relay = await mutableRelay(new URL(given.url));
    url.host = `127.0.0.1:${relay.port}`;
    const { database } = new Ledger({ url: url.href, poolSize: 1, statementTimeoutMs: 100 });
    await database.ping();
    relay.mute(true);
    const failure: unknown = await database.ping().catch((error: unknown) => error);
    expect(isLedgerAway(failure)).toBe(true);
    relay.mute(false);
    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
    relay.close();
    await given.close();
  });
});
