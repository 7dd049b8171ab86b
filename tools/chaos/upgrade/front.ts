import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** One address for the replicas of an app, which come and go: what a Service is in a cluster. Connections take turns. */
export class Front {
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private ports: readonly number[] = [];
  private turn = 0;

  /** Listens on 127.0.0.1. Throws when the port is taken. */
  static async listen(port: number): Promise<Front> {
    const server = createServer({ noDelay: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    // By itself it keeps no program from ending.
    server.unref();
    return new Front(server);
  }

  private constructor(server: Server) {
    this.server = server;
    server.on('connection', (client) => this.accept(client));
  }

  /** From now on the replica that listens there gets connections too. */
  add(port: number): void {
    this.ports = [...this.ports, port];
  }

  /** It gets no new ones; those that it has end when it ends them. */
  remove(port: number): void {
    this.ports = this.ports.filter((each) => each !== port);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private accept(client: Socket): void {
    const port = this.ports[this.turn % this.ports.length];
    this.turn += 1;
    if (port === undefined) {
      client.resetAndDestroy();
      return;
    }
    const replica = connect({ host: '127.0.0.1', port, noDelay: true });
    this.join(client, replica);
    this.join(replica, client);
  }

  private join(from: Socket, to: Socket): void {
    this.open.add(from);
    from.pipe(to);
    // The other side is told by the end of its own connection.
    from.on('error', () => undefined);
    from.on('close', () => {
      this.open.delete(from);
      to.destroy();
    });
  }
}
