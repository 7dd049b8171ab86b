import { Controller, Get } from '@nestjs/common';
import type { AsyncJobStats } from '@slipway/contracts';
import { Ledger } from '@slipway/ledger';

export abstract class StatsOptions {
  abstract readonly maxPending: number;
}

/** Numbers across all replicas, read from the ledger: no process has a memory of its own to ask. */
@Controller('async-jobs/stats')
export class StatsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly options: StatsOptions,
  ) {}

  @Get()
  async get(): Promise<AsyncJobStats> {
    const stats = await this.ledger.stats.read();
    return {
      worker_count: stats.capacity ?? 0,
      queue_size: stats.pending,
      max_queue_size: this.options.maxPending,
      results_count: stats.endedLastHour,
      is_shutdown: stats.capacity === undefined,
      timestamp: new Date().toISOString(),
      running: stats.running,
      oldest_wait_seconds: Math.round(stats.oldestWaitSeconds * 1000) / 1000,
      tenants: stats.tenants.map(({ tenant, ...counts }) => ({ third_party_id: tenant, ...counts })),
    };
  }
}
