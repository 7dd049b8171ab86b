import { ledgerError } from '@slipway/ledger';
import { runService } from '@slipway/service-kit';
import { AppModule } from './app.module';
import { readConfig } from './config';

void runService({
  name: 'api',
  config: readConfig,
  module: (context) => AppModule.with(context),
  errors: ledgerError,
});
