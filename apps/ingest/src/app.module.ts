import { Module, type DynamicModule } from '@nestjs/common';
import { Admission, BuildIntake } from '@slipway/ledger';
import { LedgerApp, ledgerOf, namingOf } from '@slipway/messaging';
import { loadRuntimes, isRuntimeName, runtimeNames, runtimesFolder } from '@slipway/runtimes';
import { NestLogger, ServiceParts, type ServiceContext } from '@slipway/service-kit';
import { AcceptEvent } from './accept-event/accept-event';
import { AcceptEventConsumer } from './accept-event/accept-event.consumer';
import type { IngestConfig } from './config';
import { DoorOptions, ReceiveEventController } from './receive-event/receive-event.controller';
import { ReceiveEvent } from './receive-event/receive-event';

@Module({})
export class AppModule {
  static with(context: ServiceContext<IngestConfig>): DynamicModule {
    const { config, logger } = context;
    const naming = namingOf(config);
    const runtimes = loadRuntimes(runtimesFolder());
    const ledger = ledgerOf('ingest', context);
    const limits = { perTenant: config.MAX_PENDING_PER_TENANT, total: config.MAX_PENDING };
    const admission = new Admission(() => ledger.stats.pending(), limits);
    const intake = new BuildIntake(ledger, admission, {
      naming,
      platform: config.SLIPWAY_PLATFORM,
      builder: config.SLIPWAY_BUILDER,
      sourceBucket: config.SOURCE_BUCKET,
      isRuntimeName: (name) => isRuntimeName(runtimes, name),
      runtimeNames: runtimeNames(runtimes),
    });
    const accept = new AcceptEvent(ledger, intake, naming);
    const consumers = new AcceptEventConsumer(accept, admission).consumptions;
    const app = new LedgerApp('ingest', context, ledger, { consumers, steps: [] }, new NestLogger(logger));
    return {
      module: AppModule,
      controllers: [ReceiveEventController],
      providers: [
        { provide: ServiceParts, useValue: { parts: [app] } },
        { provide: DoorOptions, useValue: { lenient: config.LENIENT_EVENTS, apiUrl: config.API_URL } },
        { provide: ReceiveEvent, useValue: new ReceiveEvent(accept, admission, naming) },
      ],
    };
  }
}
