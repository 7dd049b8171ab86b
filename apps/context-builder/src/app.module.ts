import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { LedgerApp, ledgerOf } from '@slipway/messaging';
import { FileContextStore, openObjectStore } from '@slipway/object-store';
import { LocalImageRegistry } from '@slipway/platform-local';
import { loadRuntimes, runtimesFolder } from '@slipway/runtimes';
import { NestLogger, ServiceParts, type ServiceContext } from '@slipway/service-kit';
import { SourceReader, packContext } from '@slipway/sources';
import type { ContextBuilderConfig } from './config';
import { ContextMetrics } from './prepare-context/context-metrics';
import { ContextPlanner } from './prepare-context/planner';
import { PrepareContext } from './prepare-context/prepare-context';
import { PrepareContextConsumer } from './prepare-context/prepare-context.consumer';

@Module({})
export class AppModule {
  static with(context: ServiceContext<ContextBuilderConfig>): DynamicModule {
    const { config, logger, metrics } = context;
    const ledger = ledgerOf('context-builder', context);
    const prepare = new PrepareContext({
      ledger,
      sources: new SourceReader({
        objects: openObjectStore(config.OBJECT_STORE_URL, {
          endpoint: config.S3_ENDPOINT,
          region: config.AWS_REGION,
          forcePathStyle: config.S3_FORCE_PATH_STYLE,
        }),
        buckets: config.SOURCE_BUCKETS.split(','),
        httpHosts: config.SOURCE_HTTP_HOSTS?.split(',') ?? [],
        limits: { totalBytes: config.MAX_SOURCE_BYTES },
      }),
      contexts: new FileContextStore({ root: join(config.STATE_DIR, 'contexts') }),
      registry: new LocalImageRegistry({ root: config.STATE_DIR }),
      planner: new ContextPlanner(loadRuntimes(runtimesFolder())),
      pack: packContext,
      metrics: new ContextMetrics(metrics),
      imageRepository: config.IMAGE_REPOSITORY,
      concurrency: config.MAX_CONCURRENT_CONTEXTS,
      rates: {
        perMinute: config.MAX_CONTEXTS_PER_MINUTE,
        perMinutePerTenant: config.MAX_CONTEXTS_PER_MINUTE_PER_TENANT,
      },
    });
    const useCases = { consumers: [new PrepareContextConsumer(ledger).consumption], steps: [prepare] };
    const app = new LedgerApp('context-builder', context, ledger, useCases, new NestLogger(logger));
    return { module: AppModule, providers: [{ provide: ServiceParts, useValue: { parts: [app] } }] };
  }
}
