import { setTimeout as delay } from 'node:timers/promises';
import { AmqpPublisher } from './amqp-publisher.ts';
import { Canceller } from './canceller.ts';
import { EVENT_EXCHANGE, type Doors } from './doors.ts';
import { HttpClient } from './http-client.ts';
import type { OutsideView } from './outside-view.ts';
import { Reader } from './reader.ts';
import { Sender } from './sender.ts';
import { Starter, type Builds } from './starter.ts';
import type { Uploads } from './uploads.ts';
import type { Command, Upload, Wish, WishOf } from './wish.ts';

export interface ClientsParts {
  doors: Doors;
  view: OutsideView;
  uploads: Uploads | undefined;
  signal: AbortSignal;
}

/** Carries out wishes. Those that follow from an earlier start wait for its answer. */
export class Clients {
  private readonly parts: ClientsParts;
  private readonly publisher: AmqpPublisher;
  private readonly sender: Sender;
  private readonly starter: Starter;
  private readonly canceller: Canceller;
  private readonly reader: Reader;
  /** By the id of the start event. */
  private readonly answers = new Map<string, Promise<Builds>>();

  constructor(parts: ClientsParts) {
    const { doors, view, signal } = parts;
    const http = new HttpClient(signal, (what) => view.count(`again:${what}`));
    this.parts = parts;
    this.publisher = new AmqpPublisher(doors.amqp, doors.exchange ?? EVENT_EXCHANGE, () =>
      view.count('again:amqp'),
    );
    this.sender = new Sender({ events: doors.events, http, publisher: this.publisher, signal });
    this.starter = new Starter(this.sender, view, signal);
    this.canceller = new Canceller({ api: doors.api, http, sender: this.sender, view });
    this.reader = new Reader(doors, http, view);
  }

  /** Resolves when nothing is left to do for the wish. Rejects when the signal aborts. */
  async carryOut(wish: Wish): Promise<void> {
    switch (wish.kind) {
      case 'start':
        return this.start([wish.command], wish.uploads, () =>
          this.starter.one('start', wish.command, wish.door),
        );
      case 'batch':
        return this.start(wish.commands, wish.uploads, () => this.starter.batch(wish.commands));
      case 'repeat':
        await this.starter.one('repeat', wish.command, wish.door);
        return;
      case 'request':
        return this.reader.request(wish);
      case 'read':
        return this.read(wish);
      default:
        return this.follow(wish);
    }
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  private async start(
    commands: readonly Command[],
    uploads: readonly Upload[],
    send: () => Promise<Builds>,
  ): Promise<void> {
    const answer = (this.parts.uploads?.ensure(uploads) ?? Promise.resolve()).then(send);
    for (const { id } of commands) this.answers.set(id, answer);
    await answer;
  }

  private async buildOf(id: string): Promise<string | undefined> {
    return (await this.answers.get(id))?.get(id);
  }

  /** What can only be asked for once the start is known to be recorded. */
  private async follow(
    wish: WishOf<'conflict' | 'rebuild' | 'cancel' | 'update' | 'delete' | 'call'>,
  ): Promise<void> {
    const buildId = await this.buildOf(wish.of);
    if (buildId === undefined) return this.parts.view.count(`skipped:${wish.kind}`);
    switch (wish.kind) {
      case 'conflict':
        return this.conflict(wish);
      case 'rebuild':
        await this.starter.one('rebuild', wish.command, wish.door);
        return;
      case 'cancel':
        await delay(wish.delay, undefined, { signal: this.parts.signal });
        return wish.event ? this.canceller.byEvent(buildId, wish.event) : this.canceller.byRest(buildId);
      default:
        return this.command(wish);
    }
  }

  private async conflict({ kind, command, door }: WishOf<'conflict'>): Promise<void> {
    const answer = await this.sender.send(command, door);
    const code = (answer?.body as { code?: string } | undefined)?.code;
    if (!answer || code === 'event_id_reused')
      this.parts.view.count(`${kind}:${answer?.status ?? 'confirmed'}`);
    else this.parts.view.unexpected(kind, answer.status, answer.text);
  }

  private async command({ kind, command, door }: WishOf<'update' | 'delete' | 'call'>): Promise<void> {
    const answer = await this.sender.send(command, door);
    if (!answer || answer.status === 202) this.parts.view.count(`${kind}:${answer?.status ?? 'confirmed'}`);
    else this.parts.view.unexpected(kind, answer.status, answer.text);
  }

  private async read({ path, of }: WishOf<'read'>): Promise<void> {
    const buildId = of === undefined ? '' : await this.buildOf(of);
    if (buildId === undefined) return this.parts.view.count('skipped:read');
    return this.reader.read(path.replace('{build}', buildId));
  }
}
