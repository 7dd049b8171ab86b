import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Ledger } from '@slipway/ledger';
import { LedgerApp, ledgerOf, namingOf } from '@slipway/messaging';
import { NestLogger, ServiceParts, type ServiceContext } from '@slipway/service-kit';
import { BuildsController } from './builds/builds.controller';
import { ReadBuilds } from './builds/read-builds';
import type { ApiConfig } from './config';
import { FunctionsController } from './functions/functions.controller';
import { ApiMetrics } from './http/api-metrics';
import { RecordResultConsumer } from './record-result/record-result.consumer';
import { StatsController, StatsOptions } from './stats/stats.controller';

@Module({})
export class AppModule {
  static with(context: ServiceContext<ApiConfig>): DynamicModule {
    const { config, logger, metrics } = context;
    const ledger = ledgerOf('api', context);
    const results = metrics.counter('slipway_function_results_total', 'Answers of functions.', ['result']);
    const record = new RecordResultConsumer(ledger, namingOf(config), (result) => results.inc({ result }));
    const app = new LedgerApp(
      'api',
      context,
      ledger,
      { consumers: [record.consumption], steps: [] },
      new NestLogger(logger),
    );
    return {
      module: AppModule,
      controllers: [BuildsController, StatsController, FunctionsController],
      providers: [
        { provide: ServiceParts, useValue: { parts: [app] } },
        { provide: Ledger, useValue: ledger },
        { provide: ReadBuilds, useValue: new ReadBuilds(ledger) },
        { provide: StatsOptions, useValue: { maxPending: config.MAX_PENDING } },
        { provide: APP_INTERCEPTOR, useValue: new ApiMetrics(metrics) },
      ],
    };
  }
}
