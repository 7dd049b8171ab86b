import { setTimeout as delay } from 'node:timers/promises';
import type { ConfirmChannel } from 'amqplib';
import type { Message } from './servers.ts';

interface Pace {
  count: number;
  perSecond: number;
  signal: AbortSignal;
}

/**
 * Publishes messages evenly over time and returns when all are confirmed, with the Unix milliseconds at which each was
 * written. What a late timer has missed is made up for at once, so that the rate holds.
 */
export async function publishPaced(
  channel: ConfirmChannel,
  { count, perSecond, signal }: Pace,
  messageOf: (number: number) => Message,
): Promise<number[]> {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < count) {
    signal.throwIfAborted();
    const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * perSecond));
    while (times.length < due) {
      const { exchange, routingKey, body, options } = messageOf(times.length);
      times.push(Date.now());
      channel.publish(exchange, routingKey, body, { ...options, persistent: true });
    }
    await delay(1);
  }
  await channel.waitForConfirms();
  return times;
}
