// Whether the gateway starts one process for many cold requests, and lets none hang while processes of functions are
// killed; its rate and latency beside a bare node:http server in one process. Usage: npm run bench gateway [-- SECONDS]
import { startApps } from '../bootstrap/apps.ts';
import type { Scratch } from '../bootstrap/scratch.ts';
import { waitFor } from '../bootstrap/wait.ts';
import { withSettings } from './lib/apps.ts';
import { runSized } from './lib/bench.ts';
import { coldStart, type ColdStart } from './lib/cold-start.ts';
import { deployFunctions, type DeployedFunction } from './lib/deployed-functions.ts';
import { reportColdStarts, reportCrashes, reportLoads } from './lib/gateway-report.ts';
import { getAllTheTime, getAtOnce, type Ended } from './lib/http-load.ts';
import { killFunctions } from './lib/killer.ts';
import { printSurroundings } from './lib/report.ts';
import { withChannel, withDatabase } from './lib/servers.ts';
import { withBareServer } from './lib/with-bare-server.ts';

const DEFAULT_SECONDS = 60;
const FUNCTIONS = 20;
const COLD_REQUESTS = 50;
const LANES = 200;
const KILL_EVERY_MS = 300;
const FUNCTION_SECONDS = 5;
/** What the gateway lets a request wait for a place in its function. */
const PLACE_SECONDS = 300;
const LIMIT_MS = (PLACE_SECONDS + FUNCTION_SECONDS) * 1000;
/** A function that keeps ending waits up to a minute until it is started again. */
const RECOVERY_MS = 180_000;
/** Idle functions stop soon, so that there are cold ones to ask. */
const SETTINGS = { IDLE_SECONDS: '3' };

interface Place {
  scratch: Scratch;
  functions: readonly DeployedFunction[];
  gatewayPid: number;
}

async function coldStarts({ scratch, functions, gatewayPid }: Place): Promise<ColdStart[]> {
  const { signal } = scratch.context;
  const starts: ColdStart[] = [];
  for (const { service, url } of functions) {
    const target = { service, url, gatewayPid };
    starts.push(await coldStart(target, { requests: COLD_REQUESTS, limitMs: LIMIT_MS, signal }));
  }
  return starts;
}

function load({ scratch }: Place, urls: readonly string[], seconds: number): Promise<Ended[]> {
  return getAllTheTime({ urls, lanes: LANES, seconds, limitMs: LIMIT_MS, signal: scratch.context.signal });
}

async function whileKilling(place: Place, urls: readonly string[], seconds: number) {
  const over = new AbortController();
  const [ended, killed] = await Promise.all([
    load(place, urls, seconds).finally(() => over.abort()),
    killFunctions(place.gatewayPid, KILL_EVERY_MS, over.signal),
  ]);
  return { ended, killed };
}

/** Seconds until every function has answered with 200 at the same time as the others; undefined where they never do. */
async function recovery({ scratch }: Place, urls: readonly string[]): Promise<number | undefined> {
  const { signal } = scratch.context;
  const start = performance.now();
  const serve = async () => {
    const answers = await Promise.all(urls.map((url) => getAtOnce(url, 1, LIMIT_MS)));
    return answers.flat().every(({ how }) => how === 200) || undefined;
  };
  const done = await waitFor(serve, { limitMs: RECOVERY_MS, intervalMs: 500, signal });
  return done && (performance.now() - start) / 1000;
}

async function measure(place: Place, seconds: number): Promise<() => void> {
  const { steps } = place.scratch.context;
  const urls = place.functions.map(({ url }) => url);
  const starts = await steps.run('Cold requests', () => coldStarts(place));
  const bare = await steps.run('Bare server', () => withBareServer((url) => load(place, [url], seconds)));
  await steps.run('Every function is started', () => recovery(place, urls));
  const quiet = await steps.run('Functions behind the gateway', () => load(place, urls, seconds));
  const { ended, killed } = await steps.run('The same while processes are killed', () =>
    whileKilling(place, urls, seconds),
  );
  const recoverySeconds = await steps.run('Recovery', () => recovery(place, urls));
  const gatewayStayed = place.scratch.record.running('gateway')?.pid === place.gatewayPid;
  return () => {
    reportColdStarts(starts, COLD_REQUESTS);
    reportLoads({ seconds, bare, quiet, killing: ended }, LANES);
    reportCrashes(ended, { killed, limitMs: LIMIT_MS, gatewayStayed, recoverySeconds });
  };
}

await runSized('seconds', DEFAULT_SECONDS, async (given, seconds) => {
  const scratch = withSettings(given, SETTINGS);
  const { context, record, addresses } = scratch;
  const { signal, steps } = context;
  await steps.run('Apps', () => startApps(context, record, addresses));
  await withDatabase(addresses.database, (client) =>
    withChannel(addresses.amqp, async (channel) => {
      const functions = await steps.run(`${FUNCTIONS} functions`, () =>
        deployFunctions({ client, channel, signal }, FUNCTIONS, FUNCTION_SECONDS),
      );
      const gatewayPid = record.running('gateway')!.pid;
      const report = await measure({ scratch, functions, gatewayPid }, seconds);
      await printSurroundings(client, channel);
      report();
    }),
  );
});
