import type { Ledger, OutboxRow, ShardLease } from '@slipway/ledger';
import { OUTBOX_CHANNEL } from '@slipway/ledger';
import { reach } from '@slipway/domain';
import { Unconfirmed, type Publisher } from '../broker/publisher';
import type { Broker } from '../broker/broker';
import type { ConsumerLog } from '../consumer/message-handling';

const LOOK_MS = 2_000;
/** Messages of one shard that go out together. */
const BATCH = 64;

/** Publishes what stands in the outbox. Several relays share it by shards; a row is marked only after its confirm. */
export class OutboxRelay {
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;
  private busy: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly broker: Broker,
    private readonly publisher: Publisher,
    private readonly log: ConsumerLog,
  ) {}

  start(): void {
    this.unsubscribe = this.ledger.notifications.on(OUTBOX_CHANNEL, () => this.wake());
    this.broker.onConnect(() => this.wake());
    this.wake();
  }

  wake(): void {
    this.wanted = true;
    if (this.busy || this.stopped) return;
    clearTimeout(this.timer);
    this.busy = this.drain().finally(() => {
      this.busy = undefined;
      if (this.stopped) return;
      // A wake that came during the last look is not forgotten; otherwise the poll is the fallback.
      if (this.wanted) this.wake();
      else this.timer = setTimeout(() => this.wake(), LOOK_MS);
    });
  }

  private async drain(): Promise<void> {
    this.wanted = false;
    try {
      while (!this.stopped && this.broker.connected) {
        // First, since it may take longer than a lease lasts.
        await this.publisher.ready();
        const leases = await this.ledger.outbox.claim();
        if (leases.length === 0) return;
        await this.relay(leases);
      }
    } catch (error) {
      this.log.warn({ err: error }, 'the outbox could not be relayed; the next look comes by itself');
    }
  }

  private async relay(leases: readonly ShardLease[]): Promise<void> {
    const sent: number[] = [];
    try {
      const rows = await this.ledger.outbox.next(leases, BATCH);
      const results = await Promise.allSettled(rows.map((row) => this.send(row)));
      reach('relay.after-publish-before-mark');
      sent.push(...rows.filter((_, index) => results[index]!.status === 'fulfilled').map((row) => row.id));
      // While the broker is away nothing is a try of a row; its rows simply wait.
      if (!this.broker.connected) return;
      for (const [index, result] of results.entries()) {
        if (result.status === 'rejected') await this.failed(rows[index]!, result.reason);
      }
    } finally {
      await this.ledger.outbox.done(leases, sent);
    }
  }

  private async send(row: OutboxRow): Promise<void> {
    await this.publisher.publish(
      { exchange: row.exchange, routingKey: row.routingKey, mandatory: row.mandatory },
      row.event,
    );
  }

  private async failed(row: OutboxRow, reason: unknown): Promise<void> {
    const message = reason instanceof Error ? reason.message : String(reason);
    this.log.error(
      { err: reason, outbox: row.id, type: row.event.type },
      'an event could not be published yet',
    );
    await this.ledger.outbox.failed(row.id, message, reason instanceof Unconfirmed ? 'way' : 'row');
  }

  /** Finishes the batch under way and lets go. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    clearTimeout(this.timer);
    await this.busy;
  }
}
