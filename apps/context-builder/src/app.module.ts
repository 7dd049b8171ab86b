import { Module, type DynamicModule } from '@nestjs/common';
import { ContextStores, type ContextStore } from '@slipway/domain';
import { LedgerApp, ledgerOf } from '@slipway/messaging';
import { openContextStores, openObjectStore } from '@slipway/object-store';
import { LocalImageRegistry } from '@slipway/platform-local';
import { loadRuntimes, runtimesFolder } from '@slipway/runtimes';
import { NestLogger, ServiceParts, systemClock, type ServiceContext } from '@slipway/service-kit';
import { SourceReader, packContext, sourceCredentialsFrom } from '@slipway/sources';
import type { ContextBuilderConfig } from './config';
import { baseImagesOf, ttlOf } from './context-settings';
import { ContextMetrics } from './prepare-context/context-metrics';
import { ContextPlanner } from './prepare-context/planner';
import { PrepareContext } from './prepare-context/prepare-context';
import { PrepareContextConsumer } from './prepare-context/prepare-context.consumer';
import { SweepContexts } from './sweep-contexts/sweep-contexts';
import { SweepMetrics } from './sweep-contexts/sweep-metrics';

@Module({})
export class AppModule {
  static async with(context: ServiceContext<ContextBuilderConfig>): Promise<DynamicModule> {
    const { config, logger, metrics } = context;
    const ledger = ledgerOf('context-builder', context);
    const contexts = new ContextStores([
      ...openContextStores(config, (error) => logger.warn({ err: error }, 'an alias could not be written')),
      ...(await configMapStores(config)),
    ]);
    const contextMetrics = new ContextMetrics(metrics);
    const prepare = new PrepareContext({
      ledger,
      sources: new SourceReader({
        objects: contextMetrics.watched(
          openObjectStore(config.OBJECT_STORE_URL, {
            endpoint: config.S3_ENDPOINT,
            region: config.AWS_REGION,
            forcePathStyle: config.S3_FORCE_PATH_STYLE,
          }),
        ),
        buckets: config.SOURCE_BUCKETS.split(','),
        httpHosts: config.SOURCE_HTTP_HOSTS?.split(',') ?? [],
        credentials: sourceCredentialsFrom(config.SOURCE_CREDENTIALS ?? ''),
        limits: { totalBytes: config.MAX_SOURCE_BYTES },
      }),
      contexts,
      storing: { defaultStore: config.CONTEXT_STORE, overflow: config.CONTEXT_OVERFLOW },
      registry: new LocalImageRegistry({ root: config.STATE_DIR }),
      planner: new ContextPlanner(loadRuntimes(runtimesFolder()), baseImagesOf(config)),
      pack: packContext,
      metrics: contextMetrics,
      imageRepository: config.IMAGE_REPOSITORY,
      concurrency: config.MAX_CONCURRENT_CONTEXTS,
      rates: {
        perMinute: config.MAX_CONTEXTS_PER_MINUTE,
        perMinutePerTenant: config.MAX_CONTEXTS_PER_MINUTE_PER_TENANT,
      },
    });
    // Without metrics where it is off: that no sweep ever succeeds would raise an alert.
    const sweep = (): SweepContexts =>
      new SweepContexts({
        records: ledger.contexts,
        due: ledger.due,
        stores: contexts,
        ttl: ttlOf(config),
        dryRun: config.CONTEXT_SWEEP === 'dry-run',
        metrics: new SweepMetrics(metrics, systemClock),
        logger,
        everyMs: config.CONTEXT_SWEEP_INTERVAL * 1000,
      });
    const useCases = {
      consumers: [new PrepareContextConsumer(ledger).consumption],
      steps: config.CONTEXT_SWEEP === 'off' ? [prepare] : [prepare, sweep()],
    };
    const app = new LedgerApp('context-builder', context, ledger, useCases, new NestLogger(logger));
    return { module: AppModule, providers: [{ provide: ServiceParts, useValue: { parts: [app] } }] };
  }
}

/** The client of Kubernetes takes a fifth of a second and tens of megabytes, which others need not pay for. */
async function configMapStores(config: ContextBuilderConfig): Promise<ContextStore[]> {
  if (config.BUILD_NAMESPACE === undefined) return [];
  const { openConfigMapStores } = await import('@slipway/platform-kubernetes');
  return openConfigMapStores(config);
}
