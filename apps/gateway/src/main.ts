import { runService } from '@slipway/service-kit';
import { AppModule } from './app.module';
import { readConfig } from './config';

void runService({
  name: 'gateway',
  config: readConfig,
  module: (context) => AppModule.with(context),
  listensItself: true,
});
