import { runService } from '@slipway/service-kit';
import { AppModule } from './app.module';
import { readConfig } from './config';

void runService({
  name: 'context-builder',
  config: readConfig,
  module: (context) => AppModule.with(context),
});
