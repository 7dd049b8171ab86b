import { createHash } from 'node:crypto';
import type { Observed, SentCancel, SentStart } from '../lib/observed.ts';
import { tenantOf, type Command } from './wish.ts';

const MOST_SURPRISES = 20;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the clients saw, counted and noted. */
export class OutsideView {
  readonly observed: Observed = { starts: [], cancels: [], events: [] };
  readonly counts: Record<string, number> = {};
  /** The first texts of what no client expected. */
  readonly surprises: string[] = [];
  private readonly starts = new Map<string, SentStart>();

  count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  unexpected(kind: string, status: number, text: string): void {
    this.count(`unexpected:${status}:${kind}`);
    if (this.surprises.length < MOST_SURPRISES)
      this.surprises.push(`${kind} ${status}: ${text.slice(0, 500)}`);
  }

  /** A start event was taken over: for the first time, or once more, which must name the same build. */
  takenOver(command: Command, by: SentStart['by'], buildId?: string): void {
    const { id, source } = command;
    const key = JSON.stringify([source, id]);
    const known = this.starts.get(key);
    if (!known) {
      const names = { tenant: tenantOf(command), parser: command.subject, source, id };
      const content = sha256(JSON.stringify(command.data));
      const start = { ...names, by, at: Date.now(), ...(buildId === undefined ? {} : { buildId }), content };
      this.starts.set(key, start);
      this.observed.starts.push(start);
    } else if (buildId !== undefined) {
      known.buildId ??= buildId;
      if (known.buildId !== buildId)
        this.unexpected('another build', 202, `${key} was ${known.buildId} and now is ${buildId}`);
    }
  }

  cancelled(buildId: string, by: SentCancel['by'], status: number): void {
    this.observed.cancels.push({ buildId, by, at: Date.now(), status });
  }
}
