import { Module, type DynamicModule } from '@nestjs/common';
import { builderNamed } from '@slipway/builders';
import { ContextStores, type ContextStore } from '@slipway/domain';
import { LedgerApp, ledgerOf } from '@slipway/messaging';
import { openContextStores } from '@slipway/object-store';
import { LocalBuildLogSource, LocalBuildRunner, LocalImageRegistry } from '@slipway/platform-local';
import { runtimesFolder } from '@slipway/runtimes';
import { NestLogger, ServiceParts, randomIds, systemClock, type ServiceContext } from '@slipway/service-kit';
import { ClaimSlots } from './claim-slots/claim-slots';
import { builderEnvironment, retentionOf, type JobLauncherConfig } from './config';
import { CaptureLog } from './follow-job/capture-log';
import { FollowJob } from './follow-job/follow-job';
import { LaunchJob } from './launch-job/launch-job';
import { LauncherMetrics } from './launcher-metrics';
import { localPrograms } from './programs';
import { ReceiveReportConsumer } from './receive-report/receive-report.consumer';
import { Reconcile } from './reconcile/reconcile';
import { SettleTwins } from './settle-twins/settle-twins';
import { StopJob } from './stop-job/stop-job';
import { SweepRecords } from './sweep-records/sweep-records';
import { FinishAttempt } from './verify-build/finish-attempt';
import { VerifyBuild } from './verify-build/verify-build';

/** The one platform that this build of the launcher knows. */
const PLATFORM = 'local';

@Module({})
export class AppModule {
  static async with(context: ServiceContext<JobLauncherConfig>): Promise<DynamicModule> {
    const { config, logger } = context;
    const metrics = new LauncherMetrics(context.metrics);
    const ledger = ledgerOf('job-launcher', context);
    const root = config.STATE_DIR;
    const registry = new LocalImageRegistry({ root });
    const runner = new LocalBuildRunner({
      root,
      ...localPrograms(),
      runtimesDir: runtimesFolder(),
      sidecarAmqpUrl: config.SIDECAR_AMQP_URL,
      builderEnvironment: builderEnvironment(),
      sidecarEnvironment: {
        EVENT_TYPE_PREFIX: config.EVENT_TYPE_PREFIX,
        EVENT_SOURCE_PREFIX: config.EVENT_SOURCE_PREFIX,
        LOG_LEVEL: config.LOG_LEVEL,
      },
      clock: systemClock,
      ids: randomIds,
    });
    const contexts = new ContextStores([...openContextStores(config), ...(await configMapStores(config))]);
    const capture = new CaptureLog(ledger, new LocalBuildLogSource({ root, clock: systemClock }));
    const slots = new ClaimSlots(
      ledger,
      {
        platform: PLATFORM,
        total: config.MAX_CONCURRENT_BUILDS,
        perTenant: config.MAX_CONCURRENT_BUILDS_PER_TENANT,
        imageRepository: config.IMAGE_REPOSITORY,
        rates: {
          perMinute: config.MAX_BUILDS_PER_MINUTE,
          perMinutePerTenant: config.MAX_BUILDS_PER_MINUTE_PER_TENANT,
        },
      },
      logger,
    );
    const wakeSlots = (): void => slots.wake();
    const finish = new FinishAttempt(ledger, config.MAX_ATTEMPTS, metrics.ended);
    const steps = [
      new LaunchJob({
        ledger,
        runner,
        contexts,
        builderNamed,
        finish,
        memoryBytes: config.BUILD_MEMORY_LIMIT,
        monitorIntervalSeconds: config.MONITOR_INTERVAL,
      }),
      new FollowJob({ ledger, runner, capture, builderNamed }),
      new VerifyBuild({
        ledger,
        registry,
        finish,
        onEnd: metrics.ended,
        onRefusedReport: metrics.reportRefused,
      }),
      new SettleTwins({ ledger, registry, wakeSlots }),
      new StopJob({ ledger, runner, capture, wakeSlots, maxAttempts: config.MAX_ATTEMPTS, logger }),
      new SweepRecords(ledger, retentionOf(config)),
    ];
    const reports = new ReceiveReportConsumer(ledger, wakeSlots, metrics.reportRefused);
    const app = new LedgerApp(
      'job-launcher',
      context,
      ledger,
      { consumers: reports.consumptions, steps },
      new NestLogger(logger),
    );
    const reconcile = new Reconcile({
      ledger,
      runner,
      platform: PLATFORM,
      instance: randomIds.uuid(),
      capacity: config.MAX_CONCURRENT_BUILDS,
      intervalMs: config.RECONCILE_INTERVAL * 1000,
      logger,
      onFinding: metrics.finding,
    });
    return {
      module: AppModule,
      providers: [{ provide: ServiceParts, useValue: { parts: [app, slots, reconcile] } }],
    };
  }
}

/** The client of Kubernetes takes a fifth of a second and tens of megabytes, which others need not pay for. */
async function configMapStores(config: JobLauncherConfig): Promise<ContextStore[]> {
  if (config.BUILD_NAMESPACE === undefined) return [];
  const { openConfigMapStores } = await import('@slipway/platform-kubernetes');
  return openConfigMapStores(config);
}
