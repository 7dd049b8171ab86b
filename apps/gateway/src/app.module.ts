import { Module, type DynamicModule } from '@nestjs/common';
import { QUEUES } from '@slipway/contracts';
import { LedgerApp, ledgerOf, namingOf } from '@slipway/messaging';
import { NestLogger, ServiceParts, systemClock, type ServiceContext } from '@slipway/service-kit';
import type { GatewayConfig } from './config';
import { ControlServer } from './control/control-server';
import { BindTypes } from './deliver-event/bind-types';
import type { Subscriber } from './deliver-event/deliver-event';
import { DeliverEventConsumer } from './deliver-event/deliver-event.consumer';
import { FunctionCatalogue } from './functions/function-catalogue';
import { FunctionPool } from './functions/function-pool';
import { FunctionsPart } from './functions/functions-part';
import { invoke } from './functions/invoke';
import { ProcessRegistry } from './functions/process-registry';
import { ProcessStarter } from './functions/process-starter';
import { InvokeFunction } from './invoke-function/invoke-function';
import { ProxyServer } from './proxy/proxy-server';
import { isReserved } from './proxy/reserved';

@Module({})
export class AppModule {
  static with(context: ServiceContext<GatewayConfig>): DynamicModule {
    const { config, logger, metrics } = context;
    const root = config.STATE_DIR;
    const naming = namingOf(config);
    const ledger = ledgerOf('gateway', context);
    const coldStarts = metrics.histogram(
      'slipway_cold_start_seconds',
      'Time to start the process of a function.',
    );
    const deliveries = metrics.counter('slipway_deliveries_total', 'Events brought to functions.', [
      'result',
    ]);

    const registry = new ProcessRegistry(root, logger);
    const catalogue = new FunctionCatalogue({ root, log: logger });
    const starter = new ProcessStarter({ root, registry, events: naming, path: config.PATH, log: logger });
    const pool = new FunctionPool({
      catalogue,
      starter,
      clock: systemClock,
      log: logger,
      idleSeconds: config.IDLE_SECONDS,
      onColdStart: (milliseconds) => coldStarts.observe(milliseconds / 1000),
    });
    let known: readonly Subscriber[] = [];
    catalogue.onChange((functions) => (known = functions));
    const subscribers = (): readonly Subscriber[] => known;

    const deliver = new DeliverEventConsumer({
      ledger,
      naming,
      subscribers,
      onUnmatched: () => deliveries.inc({ result: 'unmatched' }),
    });
    const call = new InvokeFunction({
      ledger,
      naming,
      call: (service, headers, body) => invoke(pool, service, { headers, body }),
      now: systemClock.now,
      concurrency: config.MAX_CONCURRENT_EVENTS,
      onDelivered: (result) => deliveries.inc({ result }),
    });
    const functions = new FunctionsPart({
      registry,
      catalogue,
      pool,
      control: new ControlServer({ root, pool }),
      proxy: new ProxyServer({ pool, log: logger, reserved: isReserved(context.handle) }),
      host: config.HOST,
      port: config.PORT,
    });
    const useCases = { consumers: [deliver.consumption], steps: [call] };
    const app = new LedgerApp('gateway', context, ledger, useCases, new NestLogger(logger));
    const bindings = new BindTypes({
      subscribers,
      bind: (add, remove) => app.bind(QUEUES.functionEvents, add, remove),
      fixed: QUEUES.functionEvents.types.map((type) => `${naming.typePrefix}${type}`),
      logger,
    });
    return {
      module: AppModule,
      providers: [{ provide: ServiceParts, useValue: { parts: [functions, app, bindings] } }],
    };
  }
}
