import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from './http-client.ts';
import type { OutsideView } from './outside-view.ts';
import type { Sender } from './sender.ts';
import type { Command, Door } from './wish.ts';

/** Build ids by the id of their start event, as far as answers over HTTP named them. */
export type Builds = ReadonlyMap<string, string>;

interface Accepted {
  build_id?: string;
  /** Why this event of a batch was not taken. */
  problem?: { status: number };
}

/** Milliseconds before what a batch left over is sent again. */
const BATCH_PAUSE = 1_000;

/** Sends what leads to builds, and notes what was taken over. */
export class Starter {
  private readonly sender: Sender;
  private readonly view: OutsideView;
  private readonly signal: AbortSignal;

  constructor(sender: Sender, view: OutsideView, signal: AbortSignal) {
    this.sender = sender;
    this.view = view;
    this.signal = signal;
  }

  async one(kind: string, command: Command, door: Door): Promise<Builds> {
    const builds = new Map<string, string>();
    const answer = await this.sender.send(command, door);
    if (!answer) {
      this.view.count(`${kind}:confirmed`);
      this.view.takenOver(command, 'amqp');
    } else if (answer.status !== 202 || !this.accepted(kind, command, answer.body as Accepted, builds)) {
      this.view.unexpected(kind, answer.status, answer.text);
    }
    return builds;
  }

  async batch(commands: readonly Command[]): Promise<Builds> {
    const builds = new Map<string, string>();
    for (let left = commands; left.length > 0;) {
      const { status, body, text } = await this.sender.sendBatch(left);
      const entries = Array.isArray(body) ? (body as Accepted[]) : [];
      if (entries.length !== left.length) {
        this.view.unexpected('batch', status, text);
        return builds;
      }
      left = left.filter((command, index) => !this.entryDone(command, entries[index]!, builds));
      if (left.length > 0) await delay(BATCH_PAUSE, undefined, { signal: this.signal });
    }
    return builds;
  }

  /** Whether the entry need not be sent again. */
  private entryDone(command: Command, entry: Accepted, builds: Map<string, string>): boolean {
    if (this.accepted('batch', command, entry, builds)) return true;
    const status = entry.problem?.status ?? 0;
    if (isTransient(status)) {
      this.view.count(`again:${status}`);
      return false;
    }
    this.view.unexpected('batch', status, JSON.stringify(entry));
    return true;
  }

  private accepted(
    kind: string,
    command: Command,
    answer: Accepted | undefined,
    builds: Map<string, string>,
  ): boolean {
    const buildId = answer?.build_id;
    if (typeof buildId !== 'string') return false;
    this.view.count(`${kind}:202`);
    this.view.takenOver(command, 'http', buildId);
    builds.set(command.id, buildId);
    return true;
  }
}
