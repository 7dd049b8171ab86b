// Whether the apps keep their memory while they take builds of an unchanged source one after the other: each app's
// resident memory over the run. Usage: npm run bench memory [-- BUILDS]
import type pg from 'pg';
import { startApps } from '../bootstrap/apps.ts';
import { APP_NAMES } from '../bootstrap/ports.ts';
import type { Scratch } from '../bootstrap/scratch.ts';
import { runSized } from './lib/bench.ts';
import { openBuildTrips, unchangedBuild } from './lib/build-trips.ts';
import { deadLetters, outboxRest } from './lib/builds.ts';
import { inLanes } from './lib/lanes.ts';
import { reportMemory, type Stretch } from './lib/memory-report.ts';
import { residentKib } from './lib/process-memory.ts';
import { printGoal, printOutboxGoal, printSurroundings } from './lib/report.ts';
import type { RoundTrips } from './lib/round-trips.ts';
import { numberOf, withChannel, withDatabase } from './lib/servers.ts';
import { median } from './lib/statistics.ts';

const DEFAULT_BUILDS = 20_000;
/** Each has one build under way: the next one comes when that has ended, which is the rate that the system sustains. */
const LANES = 20;
const STRETCHES = 20;
/** Looks at the memory in one stretch. Their median counts: a single one depends on the last garbage collection. */
const LOOKS = 10;

interface Place {
  scratch: Scratch;
  trips: RoundTrips;
}

function memoryOf({ record }: Scratch): number[] {
  return APP_NAMES.map((app) => {
    const running = record.running(app);
    if (!running) throw new Error(`The app ${app} has ended: see its log.`);
    return residentKib(running.pid);
  });
}

async function runStretch({ scratch, trips }: Place, builds: number): Promise<Stretch> {
  const { signal } = scratch.context;
  const looks: number[][] = [];
  const start = performance.now();
  for (let look = 0; look < LOOKS; look += 1) {
    await inLanes({ count: Math.ceil(builds / LOOKS), lanes: LANES, signal }, (_, lane) =>
      unchangedBuild(trips, lane),
    );
    looks.push(memoryOf(scratch));
  }
  const perSecond = (Math.ceil(builds / LOOKS) * LOOKS * 1000) / (performance.now() - start);
  return { perSecond, kib: APP_NAMES.map((_, app) => median(looks.map((look) => look[app]!))) };
}

async function runStretches(place: Place, builds: number): Promise<Stretch[]> {
  const { steps } = place.scratch.context;
  const stretches: Stretch[] = [];
  await steps.run('The first build of the source', () => unchangedBuild(place.trips, 0));
  for (let number = 1; number <= STRETCHES; number += 1) {
    const title = `Stretch ${number} of ${STRETCHES}`;
    const show = ({ perSecond }: Stretch) => `${perSecond.toFixed(0)} builds/s`;
    stretches.push(await steps.run(title, () => runStretch(place, builds / STRETCHES), show));
  }
  return stretches;
}

async function reportEnds(client: pg.Client, dead: number): Promise<void> {
  const all = await numberOf(client, 'select count(*) from builds');
  const reused = await numberOf(client, `select count(*) from builds where reused and status = 'succeeded'`);
  printGoal(
    'all builds but the first reuse it, none is lost',
    `${reused} of ${all - 1}, ${dead} dead letters`,
    reused === all - 1 && dead === 0,
  );
}

await runSized('builds', DEFAULT_BUILDS, async (scratch, builds) => {
  const { context, record, addresses } = scratch;
  const { steps, signal } = context;
  await steps.run('Apps', () => startApps(context, record, addresses));
  await withDatabase(addresses.database, (client) =>
    withChannel(addresses.amqp, (out) =>
      withChannel(addresses.amqp, async (subscriber) => {
        const trips = await openBuildTrips(out, subscriber, signal);
        const stretches = await runStretches({ scratch, trips }, builds);
        const rest = await steps.run('The outbox drains', () => outboxRest(client, signal));
        await printSurroundings(client, out);
        reportMemory(stretches, builds / STRETCHES);
        await reportEnds(client, await deadLetters(out));
        printOutboxGoal(rest);
      }),
    ),
  );
});
