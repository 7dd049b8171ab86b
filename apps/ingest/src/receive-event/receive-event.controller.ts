import { Controller, Headers, HttpCode, Options, Post, Req, Res } from '@nestjs/common';
import { problemOf, type Problem } from '@slipway/contracts';
import { SlipwayError, isSlipwayError, reach } from '@slipway/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { isBatch, readBatch, readBatchEntry, readEvent } from './read-events';
import { ReceiveEvent, type Received } from './receive-event';

/** How events over HTTP are read and answered. */
export abstract class DoorOptions {
  abstract readonly lenient: boolean;
  abstract readonly apiUrl: string;
}

function bodyOf(received: Received): object {
  if (received.kind === 'build') return received.answer;
  return received.kind === 'cancel' ? { cancelled: received.builds } : { id: received.id };
}

/** Allowed requests per minute that the webhook handshake promises. */
const WEBHOOK_RATE = '600';

@Controller()
export class ReceiveEventController {
  constructor(
    private readonly receive: ReceiveEvent,
    private readonly options: DoorOptions,
  ) {}

  @Post(['events', ''])
  @HttpCode(202)
  async post(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (isBatch(request.headers)) return this.batch(body, request.id, reply);
    const received = await this.receive.execute(
      readEvent(request.headers, body, this.options.lenient),
      request.id,
    );
    reach('door.after-commit-before-answer');
    if (received.kind === 'build') void reply.header('location', this.locationOf(received.answer.build_id));
    return bodyOf(received);
  }

  /** One transaction per event; the answers stand in the order of the events. */
  private async batch(body: Buffer, correlationId: string, reply: FastifyReply): Promise<object[]> {
    const entries = readBatch(body);
    const answers: { answer: object; ok: boolean }[] = [];
    for (const entry of entries) answers.push(await this.entry(entry, correlationId));
    if (entries.length > 0 && !answers.some((answer) => answer.ok)) void reply.status(400);
    return answers.map((answer) => answer.answer);
  }

  private async entry(entry: unknown, correlationId: string): Promise<{ answer: object; ok: boolean }> {
    try {
      const received = await this.receive.execute(readBatchEntry(entry, this.options.lenient), correlationId);
      return { answer: bodyOf(received), ok: true };
    } catch (error) {
      if (!isSlipwayError(error)) throw error;
      const problem: Problem = problemOf(error, correlationId);
      return { answer: { problem }, ok: false };
    }
  }

  /** The abuse-protection handshake of the CloudEvents webhook specification (http-webhook.md §4). */
  @Options(['events', ''])
  @HttpCode(200)
  handshake(
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const origin = headers['webhook-request-origin'];
    if (typeof origin !== 'string') {
      throw new SlipwayError(
        'invalid_event',
        'A webhook handshake names its origin in WebHook-Request-Origin.',
      );
    }
    void reply.header('webhook-allowed-origin', origin);
    void reply.header('webhook-allowed-rate', WEBHOOK_RATE);
    void reply.header('allow', 'POST, OPTIONS');
    return '';
  }

  private locationOf(buildId: string): string {
    return `${this.options.apiUrl.replace(/\/$/, '')}/builds/${buildId}`;
  }
}
