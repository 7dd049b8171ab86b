import { Controller, Get, Header, HttpCode, Query, Res } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { Metrics } from '../metrics/metrics';
import { Lifecycle, ServiceParts } from '../service-part';

interface Reply {
  status(code: number): { send(body: unknown): void };
}

/** `/livez` says that the process runs, `/readyz` that each of its parts can work now. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly parts: ServiceParts,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
  ) {}

  @Get('livez')
  @HttpCode(200)
  livez(): { status: string } {
    return { status: 'ok' };
  }

  @Get(['readyz', 'healthz'])
  async readyz(@Res() reply: Reply, @Query('verbose') verbose?: string): Promise<void> {
    const result = await this.result();
    const ready = this.lifecycle.state === 'running' && result.status === 'ok';
    const status = ready ? 'ok' : this.lifecycle.state === 'running' ? 'unavailable' : this.lifecycle.state;
    reply
      .status(ready ? 200 : 503)
      .send(verbose === undefined ? { status } : { status, parts: result.details });
  }

  private async result(): Promise<HealthCheckResult> {
    try {
      return await this.health.check(
        this.parts.parts.map((part) => async () => {
          const indicator = this.indicators.check(part.name);
          return part.check().then(
            () => indicator.up(),
            (error: unknown) =>
              indicator.down({ reason: error instanceof Error ? error.message : String(error) }),
          );
        }),
      );
    } catch (error) {
      // Terminus throws its result when a part is down.
      return (error as { getResponse(): HealthCheckResult }).getResponse();
    }
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
