import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { publish, type Message } from './servers.ts';

/** The message that it answers, and what went wrong where it is no success. */
export interface Answer {
  to: string;
  problem?: string;
}

interface Trip {
  arrive: () => void;
  fail: (error: Error) => void;
}

const LIMIT_MS = 120_000;

/** Times messages from their publish until the subscriber of a queue has got the answer to them. */
export class RoundTrips {
  private readonly out: ConfirmChannel;
  private readonly signal: AbortSignal;
  private readonly trips = new Map<string, Trip>();

  private constructor(out: ConfirmChannel, signal: AbortSignal) {
    this.out = out;
    this.signal = signal;
  }

  /** Publishes on `out` and subscribes on `subscriber`, two connections as of two programs. */
  static async open(
    { out, subscriber, signal }: { out: ConfirmChannel; subscriber: ConfirmChannel; signal: AbortSignal },
    queue: string,
    answerOf: (message: ConsumeMessage) => Answer,
  ): Promise<RoundTrips> {
    const trips = new RoundTrips(out, signal);
    await subscriber.consume(queue, (message) => {
      if (!message) return trips.failAll(new Error(`The broker cancelled the subscription of ${queue}.`));
      trips.answered(answerOf(message));
      subscriber.ack(message);
    });
    signal.addEventListener('abort', () => trips.failAll(signal.reason as Error));
    return trips;
  }

  /** Milliseconds until the broker has confirmed the message and the subscriber has its answer. */
  async time(id: string, message: Message): Promise<number> {
    this.signal.throwIfAborted();
    const start = performance.now();
    await Promise.all([publish(this.out, message), this.answerTo(id)]);
    return performance.now() - start;
  }

  private answerTo(id: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => trip.fail(new Error(`Nothing answered ${id} within ${LIMIT_MS / 1000} s.`));
      // Not kept alive for: where the publish has failed nobody waits any more.
      const timer = setTimeout(late, LIMIT_MS).unref();
      const end = () => {
        clearTimeout(timer);
        this.trips.delete(id);
      };
      const trip: Trip = {
        arrive: () => {
          end();
          resolve();
        },
        fail: (error) => {
          end();
          reject(error);
        },
      };
      this.trips.set(id, trip);
    });
  }

  private answered({ to, problem }: Answer): void {
    const trip = this.trips.get(to);
    if (problem) trip?.fail(new Error(`${to}: ${problem}`));
    else trip?.arrive();
  }

  private failAll(error: Error): void {
    for (const trip of [...this.trips.values()]) trip.fail(error);
  }
}
