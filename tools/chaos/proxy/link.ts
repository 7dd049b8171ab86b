import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What of the server's bytes goes on to the client; undefined cuts the connection instead. */
export type AnswerFilter = (chunk: Buffer) => Buffer | undefined;

const NOTHING = Buffer.alloc(0);

/**
 * One connection through the proxy. Bytes and ends pass in both directions, each on its own and with back-pressure; a reset
 * of one side resets the other.
 */
export class Link {
  /** Resolves once neither side is open any more. */
  readonly closed: Promise<unknown>;
  private readonly sides: readonly [client: Socket, server: Socket];
  private readonly delayMs: () => number;
  private thawed: Promise<void> | undefined;
  private release = (): void => undefined;
  private isCut = false;

  /** Both sockets with `allowHalfOpen`; `delayMs` is asked for each chunk. */
  constructor(client: Socket, server: Socket, answers: AnswerFilter, delayMs: () => number) {
    this.sides = [client, server];
    this.delayMs = delayMs;
    this.closed = Promise.all(this.sides.map((side) => this.followEnd(side)));
    client.pipe(this.stage((chunk) => chunk)).pipe(server);
    server.pipe(this.stage(answers)).pipe(client);
  }

  /** Resets both sides at once; what is under way is lost. */
  cut(): void {
    this.isCut = true;
    for (const side of this.sides) side.resetAndDestroy();
  }

  /** From here on nothing passes, neither bytes nor the end of a side, as if the network were gone. */
  freeze(): void {
    this.thawed ??= new Promise((resolve) => (this.release = resolve));
  }

  thaw(): void {
    this.thawed = undefined;
    this.release();
  }

  private followEnd(side: Socket): Promise<void> {
    // Broken connections are what this program is for; the other side learns of it below.
    side.on('error', () => undefined);
    return new Promise((resolve) => {
      side.once('close', (hadError) => {
        resolve();
        if (hadError) void this.untilThawed().then(() => this.cut());
      });
    });
  }

  private async untilThawed(): Promise<void> {
    // Again after each wait: it may be frozen once more by then.
    while (this.thawed) await this.thawed;
  }

  private stage(filter: AnswerFilter): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.pass(chunk, filter).then((passed) => done(null, passed), done);
      },
      flush: (done) => {
        this.untilThawed().then(() => done(), done);
      },
    });
  }

  private async pass(chunk: Buffer, filter: AnswerFilter): Promise<Buffer> {
    const delayMs = this.delayMs();
    // Without a hold on the process, which may end while a chunk waits.
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    await this.untilThawed();
    // What a cut connection still held must not count as swallowed or lost.
    if (this.isCut) return NOTHING;
    const passed = filter(chunk);
    if (!passed) this.cut();
    return passed ?? NOTHING;
  }
}
