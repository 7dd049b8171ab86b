import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createPlain, type AddressInfo } from 'node:net';
import { Front } from './front.ts';

const servers: Server[] = [];
let front: Front;
let address: string;

async function replica(name: string): Promise<number> {
  const server = createServer((_request, response) => response.end(name));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createPlain().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Each on a connection of its own. */
async function answers(count: number): Promise<string[]> {
  const texts: string[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const response = await fetch(address, { headers: { connection: 'close' } });
    texts.push(await response.text());
  }
  return texts;
}

describe('the front of an app', () => {
  beforeEach(async () => {
    const port = await freePort();
    front = await Front.listen(port);
    address = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    await front.close();
    for (const server of servers.splice(0)) server.close();
  });

  it('gives each replica its turn, and none to one that was taken out', async () => {
    const [first, second] = [await replica('first'), await replica('second')];
    front.add(first);
    front.add(second);
    expect((await answers(4)).sort()).toEqual(['first', 'first', 'second', 'second']);
    front.remove(first);
    expect(await answers(3)).toEqual(['second', 'second', 'second']);
  });

  it('refuses connections while there is no replica, or none that listens', async () => {
    await expect(answers(1)).rejects.toThrow();
    front.add(await freePort());
    await expect(answers(1)).rejects.toThrow();
  });
});
