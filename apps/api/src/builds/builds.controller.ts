import { Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Answer, BuildDetail, BuildHistoryEntry, BuildList } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import { Ledger } from '@slipway/ledger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answered } from '../http/answer';
import { historyOf, summaryOf } from './build-resource';
import { cursorIn, filterIn, limitIn, linesIn, type Query as ListQuery } from './list-query';
import { ReadBuilds } from './read-builds';

const PREVIEW_LINES = 50;
const MAX_REASON = 1024;

/** The reason in the body of a cancel, if there is one. */
function reasonIn(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new SlipwayError('invalid_event', `The body is not valid JSON: ${(error as Error).message}.`);
  }
  const reason = (parsed as { reason?: unknown } | null)?.reason;
  if (reason === undefined) return undefined;
  if (typeof reason === 'string' && reason.length <= MAX_REASON) return reason;
  throw new SlipwayError('invalid_event', `/reason must be a text of at most ${MAX_REASON} characters.`, {
    problems: [{ pointer: '/reason', detail: `must be a text of at most ${MAX_REASON} characters` }],
  });
}

@Controller('builds')
export class BuildsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly read: ReadBuilds,
  ) {}

  @Get()
  async list(
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BuildList> {
    return answered(async () => {
      const limit = limitIn(query);
      const page = await this.ledger.builds.list(filterIn(query), limit, cursorIn(query));
      if (page.nextCursor) {
        const next = new URLSearchParams(request.query as Record<string, string>);
        next.set('cursor', page.nextCursor);
        void reply.header('link', `</builds?${next.toString()}>; rel="next"`);
      }
      const builds = page.builds.map(summaryOf);
      return { builds, count: builds.length, limit, total: page.total, next_cursor: page.nextCursor };
    });
  }

  @Get(':id')
  async get(@Param('id') id: string, @Query() query: ListQuery): Promise<{ build: BuildDetail } & Answer> {
    return answered(async () => ({ build: await this.read.detail(id, linesIn(query, PREVIEW_LINES)) }));
  }

  @Get(':id/events')
  async events(@Param('id') id: string): Promise<{ events: BuildHistoryEntry[] } & Answer> {
    return answered(async () => {
      await this.ledger.builds.mustGet(id);
      return { events: (await this.ledger.builds.history(id)).map(historyOf) };
    });
  }

  @Get(':id/logs')
  @Header('content-type', 'text/plain; charset=utf-8')
  logs(@Param('id') id: string, @Query('attempt') attempt?: string): Promise<string> {
    const number = attempt !== undefined && /^\d{1,4}$/.test(attempt) ? Number(attempt) : undefined;
    return this.read.log(id, number);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<object> {
    return answered(async () => {
      const build = await this.ledger.cancelBuild(id, { actor: 'api', reason: reasonIn(request.body) });
      return { build_id: build.build_id, status: build.status, message: 'Build cancelled successfully' };
    });
  }
}
