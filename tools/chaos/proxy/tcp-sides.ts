import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.ts';
import { FaultProxy } from './fault-proxy.ts';

/** One side of a plain TCP connection, with all that came to it. */
export class Side {
  /** The first bytes as text. */
  received = '';
  bytes = 0;
  ended = false;
  closed = false;
  error: NodeJS.ErrnoException | undefined;
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', (error) => (this.error = error));
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.closed = true));
    socket.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.bytes <= 1_000) this.received += chunk.toString();
    });
  }

  async got(text: string): Promise<void> {
    await eventually(`"${text}"`, () => this.received === text);
  }

  async wasReset(): Promise<void> {
    await eventually('the reset', () => this.error?.code === 'ECONNRESET');
  }
}

/** A proxy with a plain TCP server behind it, both sides of which are in the hands of a test. */
export class TcpSides {
  readonly accepted: Side[] = [];
  readonly proxy: FaultProxy;
  private readonly dialled: Side[] = [];
  private readonly server: Server;

  static async open(): Promise<TcpSides> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // The texts that tests send are no frames of AMQP, and pass as they are.
    return new TcpSides(server, await FaultProxy.listen({ host: '127.0.0.1', port }, 'amqp'));
  }

  private constructor(server: Server, proxy: FaultProxy) {
    this.server = server;
    this.proxy = proxy;
    server.on('connection', (socket) => this.accepted.push(new Side(socket)));
  }

  dial(): Side {
    const side = new Side(connect({ host: '127.0.0.1', port: this.proxy.port, allowHalfOpen: true }));
    this.dialled.push(side);
    return side;
  }

  /** A client, and the side of the server that it has reached. */
  async connect(): Promise<[client: Side, peer: Side]> {
    const before = this.accepted.length;
    const client = this.dial();
    await eventually('the connection', () => this.accepted.length > before);
    return [client, this.accepted[before]!];
  }

  /** Takes a new connection through in both directions, after whatever was sent on others before. */
  async roundTrip(): Promise<void> {
    const [client, peer] = await this.connect();
    client.socket.write('there');
    await peer.got('there');
    peer.socket.write('and back');
    await client.got('and back');
  }

  async close(): Promise<void> {
    for (const { socket } of [...this.dialled, ...this.accepted]) socket.destroy();
    await this.proxy.close();
    this.server.close();
    await once(this.server, 'close');
  }
}
