import { runSupervisor } from '../src/supervisor/run-supervisor';

/** The supervisor of the specs: the real one, without wrappers to install. */
const [jobFolder = ''] = process.argv.slice(2);

runSupervisor(jobFolder, {
  prepareWrapper: () => Promise.resolve(),
  clock: { now: () => Date.now() },
  reportMs: 3_000,
}).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
