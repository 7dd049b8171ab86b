import { createHash } from 'node:crypto';
import { connect, type ConsumeMessage } from 'amqplib';
import type { ReceivedEvent, SentStart } from '../lib/observed.ts';
import { receivedEvent } from '../traffic/received-event.ts';

export interface DeadLetter {
  /** The queue that it was in, without `-dlq`. */
  queue: string;
  /** What the headers `x-reason` and `x-detail` say; undefined where there are none. */
  reason: string | undefined;
  detail: string | undefined;
  event: ReceivedEvent;
}

function header(message: ConsumeMessage, name: string): string | undefined {
  const value: unknown = message.properties.headers?.[name];
  return value === undefined ? undefined : String(value);
}

/** All dead letters of the queues. They stay where they are: what was read is put back when the connection ends. */
export async function deadLettersOf(amqpUrl: string, queues: readonly string[]): Promise<DeadLetter[]> {
  const connection = await connect(amqpUrl);
  try {
    const channel = await connection.createChannel();
    const found: DeadLetter[] = [];
    for (const queue of queues) {
      for (;;) {
        const message = await channel.get(`${queue}-dlq`);
        if (!message) break;
        const read = message as unknown as ConsumeMessage;
        const [reason, detail] = [header(read, 'x-reason'), header(read, 'x-detail')];
        found.push({ queue, reason, detail, event: receivedEvent(read) });
      }
    }
    return found;
  } finally {
    await connection.close();
  }
}

/** Whether a client asked for it: another content under the id of a start that was taken over before. */
export function isConflict({ reason, event }: DeadLetter, starts: readonly SentStart[]): boolean {
  if (reason !== 'event_id_reused') return false;
  const content = createHash('sha256').update(JSON.stringify(event.data)).digest('hex');
  return starts.some(
    (start) => start.source === event.source && start.id === event.id && start.content !== content,
  );
}

/** `lambda-build-events: internal_error, for the reason …` */
export function deadLetterLine({ queue, reason, detail, event }: DeadLetter): string {
  return `${queue}: ${event.type} ${event.id} of ${event.source}: ${reason ?? 'no reason'}: ${detail ?? ''}`;
}
