import { connect, type Socket } from 'node:net';
import { eventually } from './eventually.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Side, TcpSides } from './tcp-sides.ts';

const NOBODY = { host: '127.0.0.1', port: 1 };

/** Writes the next part once the kernel has taken the last one. */
function sendAll(socket: Socket, total: number): { sent: number; done: Promise<void> } {
  const part = Buffer.alloc(1024 * 1024);
  const sending = { sent: 0, done: Promise.resolve() };
  const send = async (): Promise<void> => {
    while (sending.sent < total) {
      await new Promise<void>((resolve, reject) => {
        socket.write(part, (error) => (error ? reject(error) : resolve()));
      });
      sending.sent += part.length;
    }
  };
  sending.done = send();
  return sending;
}

/** True once a number that has begun to grow was the same at 20 looks in a row. */
function standsStill(read: () => number): () => boolean {
  const looks: number[] = [];
  return () => {
    looks.push(read());
    const last = looks.slice(-20);
    return last.length === 20 && last[0]! > 0 && new Set(last).size === 1;
  };
}

describe('the fault proxy', () => {
  let sides: TcpSides;
  let proxy: FaultProxy;

  beforeEach(async () => {
    sides = await TcpSides.open();
    ({ proxy } = sides);
  });

  afterEach(() => sides.close());

  it('takes the port that is given, and fails where somebody else has it', async () => {
    const taken = FaultProxy.listen(NOBODY, 'amqp', proxy.port);
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE', port: proxy.port });
  });

  it.each(['client', 'server'])(
    'passes the rest of one direction after the %s has ended the other',
    async (who) => {
      const [client, peer] = await sides.connect();
      const [first, last] = who === 'client' ? [client, peer] : [peer, client];
      first.socket.end('that is all');
      await eventually('the end', () => last.ended);
      expect(last.received).toBe('that is all');
      expect(proxy.connections).toBe(1);
      last.socket.end('the rest');
      await eventually('the end', () => first.ended);
      expect(first.received).toBe('the rest');
      await eventually('the close', () => proxy.connections === 0);
    },
  );

  it('passes a reset on to the other side', async () => {
    const [client, peer] = await sides.connect();
    peer.socket.resetAndDestroy();
    await client.wasReset();
    await eventually('the close', () => proxy.connections === 0);
  });

  it('resets a client whose server does not listen', async () => {
    const lonely = await FaultProxy.listen(NOBODY, 'amqp');
    const client = new Side(connect(lonely.port, '127.0.0.1'));
    await client.wasReset();
    await lonely.close();
  });

  it('cuts every connection on both sides, and lets new ones through', async () => {
    const both = [await sides.connect(), await sides.connect()].flat();
    expect(proxy.cut()).toBe(2);
    await Promise.all(both.map((side) => side.wasReset()));
    await eventually('the close', () => proxy.connections === 0);
    await sides.roundTrip();
  });

  it('cuts a connection that is stuck in back-pressure', async () => {
    const [client, peer] = await sides.connect();
    client.socket.pause();
    peer.socket.write(Buffer.alloc(64 * 1024 * 1024));
    expect(proxy.cut()).toBe(1);
    await eventually('the close', () => peer.closed && proxy.connections === 0);
  });

  it('while it refuses, cuts what is open and resets what comes', async () => {
    const [client] = await sides.connect();
    proxy.refuse(true);
    await client.wasReset();
    const late = sides.dial();
    await eventually('the refusal', () => late.closed);
    expect(sides.accepted).toHaveLength(1);
    proxy.refuse(false);
    await sides.roundTrip();
  });

  it('holds each chunk for the delay, in both directions', async () => {
    const [client, peer] = await sides.connect();
    proxy.delay(150);
    const start = performance.now();
    client.socket.write('up');
    await peer.got('up');
    peer.socket.write('down');
    await client.got('down');
    // Timers may fire a millisecond early, never more.
    expect(performance.now() - start).toBeGreaterThan(290);
    proxy.delay(0);
    await sides.roundTrip();
  });

  it('stops reading from a sender whose receiver does not read, and loses nothing', async () => {
    const [client, peer] = await sides.connect();
    // More than the kernel's buffers on the way can hold.
    const total = 256 * 1024 * 1024;
    peer.socket.pause();
    const sending = sendAll(client.socket, total);
    await eventually(
      'the stall',
      standsStill(() => sending.sent),
    );
    expect(sending.sent).toBeLessThan(total);
    peer.socket.resume();
    await sending.done;
    await eventually('all bytes', () => peer.bytes === total);
  });

  it('refuses the faults of the other protocol', async () => {
    expect(() => proxy.loseCommitAnswer()).toThrow('Only a proxy for postgres');
    const other = await FaultProxy.listen(NOBODY, 'postgres');
    expect(() => other.swallowConfirms(1)).toThrow('Only a proxy for amqp');
    await other.close();
  });
});
