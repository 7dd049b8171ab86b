import { prepareWrapper } from '@slipway/builders';
import { runSupervisor } from '@slipway/platform-local';

const [jobFolder = ''] = process.argv.slice(2);

runSupervisor(jobFolder, { prepareWrapper, clock: { now: () => Date.now() } }).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`supervisor: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
