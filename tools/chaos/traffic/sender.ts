import type { AmqpPublisher } from './amqp-publisher.ts';
import { batchOf, messageOf, postOf, type Post } from './encode.ts';
import type { Answer, HttpClient } from './http-client.ts';
import { isHttp, type Command, type Door } from './wish.ts';

export interface SenderParts {
  /** http:// address of ingest. */
  events: string;
  http: HttpClient;
  publisher: AmqpPublisher;
  signal: AbortSignal;
}

/** Brings commands to a door, each as often as it takes, always under its one id. */
export class Sender {
  private readonly parts: SenderParts;

  constructor(parts: SenderParts) {
    this.parts = parts;
  }

  /** The final answer over HTTP; undefined where the broker has confirmed the message, which is all that it says. */
  async send(command: Command, door: Door): Promise<Answer | undefined> {
    if (isHttp(door)) return this.post(postOf(command, door));
    await this.parts.publisher.publish(messageOf(command, door), this.parts.signal);
    return undefined;
  }

  /** An answer to each of the commands, in their order, or a problem with the whole. */
  async sendBatch(commands: readonly Command[]): Promise<Answer> {
    return this.post(batchOf(commands));
  }

  private post({ headers, body }: Post): Promise<Answer> {
    return this.parts.http.untilAnswered(`${this.parts.events}/events`, { method: 'POST', headers, body });
  }
}
