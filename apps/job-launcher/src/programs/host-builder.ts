import { runHostBuild } from '@slipway/builders';

void runHostBuild().then((code) => process.exit(code));
