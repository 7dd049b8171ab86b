import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { withoutConfirms } from './amqp-frames.ts';
import { Link, type AnswerFilter } from './link.ts';
import { untilLostCommit } from './postgres-messages.ts';

export type Protocol = 'amqp' | 'postgres';

export interface Target {
  host: string;
  port: number;
}

/** Stands between a client and its server, on TCP without TLS, and breaks the connections in the ways that networks do. */
export class FaultProxy {
  readonly port: number;
  /** How many confirms were swallowed and answers to a COMMIT lost so far. */
  readonly counts = { confirms: 0, commits: 0 };
  private readonly server: Server;
  private readonly target: Target;
  private readonly protocol: Protocol;
  private readonly links = new Set<Link>();
  private readonly asked = { confirms: 0, commits: 0 };
  private refusing = false;
  private delayMs = 0;

  /** Listens on 127.0.0.1, on a free port where none is given. Throws when the port is taken. */
  static async listen(target: Target, protocol: Protocol, port = 0): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, target, protocol);
  }

  private constructor(server: Server, target: Target, protocol: Protocol) {
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    this.target = target;
    this.protocol = protocol;
    server.on('connection', (client) => this.accept(client));
  }

  /** How many connections are open through it, frozen ones included. */
  get connections(): number {
    return this.links.size;
  }

  /** Resets (RST) every connection. Returns how many. */
  cut(): number {
    const { size } = this.links;
    for (const link of this.links) link.cut();
    return size;
  }

  /**
   * Half-open: what is connected now passes nothing any more in either direction, not even its end, and is not closed; new
   * connections work. Returns how many are frozen.
   */
  freeze(): number {
    for (const link of this.links) link.freeze();
    return this.links.size;
  }

  /** Lets frozen connections pass again; what came meanwhile flows first. */
  thaw(): void {
    for (const link of this.links) link.thaw();
  }

  /** While on, new connections are reset as soon as they come. Turning it on cuts the existing ones. */
  refuse(on: boolean): void {
    this.refusing = on;
    if (on) this.cut();
  }

  /**
   * amqp: the next `count` confirms (basic.ack or basic.nack of the broker) vanish, on whatever connection they come. As always
   * in AMQP, a later confirm with `multiple` set speaks for the swallowed ones of its channel too. Throws on other protocols.
   */
  swallowConfirms(count: number): void {
    this.ask('confirms', count, 'amqp');
  }

  /**
   * postgres: the next COMMIT that succeeds is done by the server, and its connection cut in place of the answer. One that
   * fails is answered, and statements that commit themselves do not count. Throws on other protocols.
   */
  loseCommitAnswer(): void {
    this.ask('commits', 1, 'postgres');
  }

  /** Takes back what was asked for and has not come about: confirms and answers get through again. */
  spare(): void {
    this.asked.confirms = 0;
    this.asked.commits = 0;
  }

  /** Milliseconds that each chunk of at most 64 KiB waits, one after the other, in both directions; 0 for none. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Cuts what is open and frees the port. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    const links = [...this.links];
    this.cut();
    await Promise.all([closed, ...links.map((link) => link.closed)]);
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    const link = new Link(client, server, this.answers(), () => this.delayMs);
    this.links.add(link);
    void link.closed.then(() => this.links.delete(link));
  }

  private answers(): AnswerFilter {
    return this.protocol === 'amqp'
      ? withoutConfirms(() => this.take('confirms'))
      : untilLostCommit(() => this.take('commits'));
  }

  private ask(fault: 'confirms' | 'commits', count: number, protocol: Protocol): void {
    if (this.protocol !== protocol) {
      throw new Error(`Only a proxy for ${protocol} can lose ${fault}; this one is for ${this.protocol}.`);
    }
    this.asked[fault] += count;
  }

  private take(fault: 'confirms' | 'commits'): boolean {
    if (this.asked[fault] === 0) return false;
    this.asked[fault] -= 1;
    this.counts[fault] += 1;
    return true;
  }
}
