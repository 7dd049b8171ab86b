// Preloaded into an app (node --import): on SIGUSR2 it writes how late the timers of its event loop came since the last
// time, in milliseconds, to the file that LOOP_DELAY_FILE names. The app's own metric nodejs_eventloop_lag_p99_seconds
// cannot tell delays below 10 ms: it counts the 10 ms between two looks as well.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;

const file = process.env['LOOP_DELAY_FILE']!;
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

histogram.enable();
process.on('SIGUSR2', () => {
  const delays = {
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  };
  writeFileSync(`${file}.new`, JSON.stringify(delays));
  renameSync(`${file}.new`, file);
  histogram.reset();
});
