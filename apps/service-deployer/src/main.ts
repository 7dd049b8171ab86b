import { runService } from '@slipway/service-kit';
import { AppModule } from './app.module';
import { readConfig } from './config';

void runService({
  name: 'service-deployer',
  config: readConfig,
  module: (context) => AppModule.with(context),
});
