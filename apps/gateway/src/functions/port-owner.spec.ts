import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { isListenedToBy, listenersOf } from './port-owner';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 200007        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000 0        0 2 1 0 20 4 30 10 -1
   2: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0        0 3 1 0 100 0 0 10 0`;

describe('the owner of a port', () => {
  it('is the user of the socket that listens, not of those that are connected', () => {
    expect([8080, 8081, 8082].map((port) => listenersOf(TABLE, port))).toEqual([[200007], [0], []]);
  });

  it('is this user for a port that this process listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const own = process.getuid?.() ?? 0;
    expect([isListenedToBy(own, port), isListenedToBy(own + 1, port)]).toEqual([true, false]);
    server.close();
  });
});
