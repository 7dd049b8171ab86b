import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Metrics } from '@slipway/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

/** `api_requests_total` and `api_request_duration_seconds` by endpoint, as the fifth requirement document names them. */
@Injectable()
export class ApiMetrics implements NestInterceptor {
  private readonly requests;
  private readonly durations;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter('api_requests_total', 'Requests by endpoint, method and status.', [
      'endpoint',
      'method',
      'status',
    ]);
    this.durations = metrics.histogram('api_request_duration_seconds', 'Time to answer by endpoint.', [
      'endpoint',
    ]);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // The route's pattern, never the path itself: ids are not labels.
    const endpoint = request.routeOptions.url ?? 'unknown';
    const end = this.durations.startTimer({ endpoint });
    reply.raw.once('finish', () => {
      end();
      this.requests.inc({ endpoint, method: request.method, status: String(reply.statusCode) });
    });
    return next.handle();
  }
}
