import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Admission, BuildIntake, Ledger } from '@slipway/ledger';
import { LedgerApp, ledgerOf, namingOf } from '@slipway/messaging';
import { isRuntimeName, loadRuntimes, runtimeNames, runtimesFolder } from '@slipway/runtimes';
import { NestLogger, ServiceParts, randomIds, type ServiceContext } from '@slipway/service-kit';
import { BuildsController } from './builds/builds.controller';
import { ReadBuilds } from './builds/read-builds';
import type { ApiConfig } from './config';
import { BuildEnds } from './contexts/build-ends';
import { ContextsController } from './contexts/contexts.controller';
import { CreateContext } from './contexts/create-context';
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
    const limits = { perTenant: config.MAX_PENDING_PER_TENANT, total: config.MAX_PENDING };
    const admission = new Admission(() => ledger.stats.pending(), limits);
    const runtimes = loadRuntimes(runtimesFolder());
    const intake = new BuildIntake(ledger, admission, {
      naming: namingOf(config),
      platform: config.SLIPWAY_PLATFORM,
      builder: config.SLIPWAY_BUILDER,
      sourceBucket: config.SOURCE_BUCKET,
      isRuntimeName: (name) => isRuntimeName(runtimes, name),
      runtimeNames: runtimeNames(runtimes),
    });
    const ends = new BuildEnds(ledger);
    const create = new CreateContext({
      ledger,
      intake,
      admission,
      ends,
      naming: namingOf(config),
      ids: randomIds,
    });
    return {
      module: AppModule,
      controllers: [BuildsController, ContextsController, StatsController, FunctionsController],
      providers: [
        { provide: ServiceParts, useValue: { parts: [app, ends] } },
        { provide: Ledger, useValue: ledger },
        { provide: ReadBuilds, useValue: new ReadBuilds(ledger) },
        { provide: CreateContext, useValue: create },
        { provide: StatsOptions, useValue: { maxPending: config.MAX_PENDING } },
        { provide: APP_INTERCEPTOR, useValue: new ApiMetrics(metrics) },
      ],
    };
  }
}
