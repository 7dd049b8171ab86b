import { Module, type DynamicModule } from '@nestjs/common';
import { LedgerApp, ledgerOf, namingOf } from '@slipway/messaging';
import { LocalServiceRunner } from '@slipway/platform-local';
import { NestLogger, ServiceParts, type ServiceContext } from '@slipway/service-kit';
import type { ServiceDeployerConfig } from './config';
import { DeployFunction } from './deploy-function/deploy-function';
import { ReceiveWishConsumer } from './receive-wish/receive-wish.consumer';

@Module({})
export class AppModule {
  static with(context: ServiceContext<ServiceDeployerConfig>): DynamicModule {
    const { config, logger, metrics } = context;
    const naming = namingOf(config);
    const ledger = ledgerOf('service-deployer', context);
    const deployments = metrics.counter('slipway_deployments_total', 'Deployments by status.', ['status']);
    const deploy = new DeployFunction({
      ledger,
      runner: new LocalServiceRunner({ root: config.STATE_DIR, gatewayUrl: config.GATEWAY_URL }),
      naming,
      onDeployed: (status) => deployments.inc({ status }),
    });
    const consumers = [new ReceiveWishConsumer(ledger, naming).consumption];
    const app = new LedgerApp(
      'service-deployer',
      context,
      ledger,
      { consumers, steps: [deploy] },
      new NestLogger(logger),
    );
    return { module: AppModule, providers: [{ provide: ServiceParts, useValue: { parts: [app] } }] };
  }
}
