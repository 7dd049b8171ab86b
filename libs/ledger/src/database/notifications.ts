import { Client } from 'pg';
import { connectionSettings } from './connection';

export const DUE_CHANNEL = 'slipway_due';
export const OUTBOX_CHANNEL = 'slipway_outbox';

type Listener = (payload: string) => void;

const RECONNECT_MS = 1_000;
/** A connection that only listens would never notice that its other end is gone. */
const HEARTBEAT_MS = 10_000;

/**
 * Wakes this process when another commits work for it. Only a hint: whoever listens also looks by itself every few
 * seconds, so a connection that is lost for a while costs time and nothing else.
 */
export class Notifications {
  private readonly listeners = new Map<string, Set<Listener>>();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beat: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly onProblem: (error: unknown) => void = () => undefined,
  ) {}

  on(channel: string, listener: Listener): () => void {
    const known = this.listeners.get(channel) ?? new Set();
    known.add(listener);
    this.listeners.set(channel, known);
    return () => known.delete(listener);
  }

  async start(): Promise<void> {
    const client = new Client(connectionSettings(this.url, 'slipway-listen'));
    client.on('notification', ({ channel, payload }) => {
      for (const listener of this.listeners.get(channel) ?? []) listener(payload ?? '');
    });
    client.on('error', (error) => this.reconnect(error));
    client.on('end', () => this.reconnect(undefined));
    try {
      await client.connect();
      for (const channel of [DUE_CHANNEL, OUTBOX_CHANNEL]) await client.query(`listen ${channel}`);
      this.client = client;
      this.beat = setInterval(() => void client.query('select 1').catch(this.onProblem), HEARTBEAT_MS);
      // What was announced while nobody listened is looked for at once.
      for (const listeners of this.listeners.values()) for (const listener of listeners) listener('');
    } catch (error) {
      this.reconnect(error);
    }
  }

  private reconnect(error: unknown): void {
    if (this.closed || this.timer) return;
    if (error) this.onProblem(error);
    clearInterval(this.beat);
    void this.client?.end().catch(this.onProblem);
    this.client = undefined;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.start();
    }, RECONNECT_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    clearInterval(this.beat);
    await this.client?.end();
  }
}
