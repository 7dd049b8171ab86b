// Whether small tenants get their turn beside one that sends far more, how long they wait beside what they wait alone,
// and what happens at the caps on waiting builds. Usage: npm run bench fairness [-- BUILDS_PER_TENANT]
import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { startApps } from '../bootstrap/apps.ts';
import type { Scratch } from '../bootstrap/scratch.ts';
import { withSettings } from './lib/apps.ts';
import { runSized } from './lib/bench.ts';
import { allEnded, deadLetters, endsOf, outboxRest, type Ends } from './lib/builds.ts';
import { measureCaps } from './lib/caps.ts';
import { reportCaps } from './lib/caps-report.ts';
import { burst, FIRST, LARGE, SMALL, STREAM_PER_BUILD, streamed } from './lib/fairness-load.ts';
import { reportWaits } from './lib/fairness-report.ts';
import { publishPaced } from './lib/paced.ts';
import { printGoal, printOutboxGoal, printSurroundings } from './lib/report.ts';
import { publish, publishInBatches, withChannel, withDatabase } from './lib/servers.ts';
import { waitsOf, type Waits } from './lib/waits.ts';

const DEFAULT_BUILDS = 40;
const STREAM_SECONDS = 60;
/** One tenant may have all slots: what the others get is due to the order of the queue alone. */
const SETTINGS = { MAX_CONCURRENT_BUILDS: '4', MAX_CONCURRENT_BUILDS_PER_TENANT: '4' };

interface Place {
  scratch: Scratch;
  client: pg.Client;
  channel: ConfirmChannel;
  /** New builds of each tenant. */
  builds: number;
}

interface Outcome {
  waits: Waits[];
  ends: Ends;
  sent: number;
}

async function outcomeOf({ scratch, client }: Place, series: string, sent: number): Promise<Outcome> {
  await allEnded(client, series, sent, scratch.context.signal);
  return { sent, waits: await waitsOf(client, series), ends: await endsOf(client, series) };
}

async function alone(place: Place): Promise<Outcome> {
  const messages = burst('alone', SMALL, place.builds);
  await publishInBatches(place.channel, messages, messages.length);
  return outcomeOf(place, 'alone', messages.length);
}

/** All at once as before, with as many of the large tenant among them, and the stream of the large tenant from then on. */
async function together(place: Place): Promise<Outcome> {
  const { channel, builds, scratch } = place;
  const messages = burst('together', [...SMALL, LARGE], builds);
  const count = builds * STREAM_PER_BUILD;
  const pace = { count, perSecond: count / STREAM_SECONDS, signal: scratch.context.signal };
  await publishInBatches(channel, messages, messages.length);
  await publishPaced(channel, pace, (number) => streamed('together', number));
  return outcomeOf(place, 'together', messages.length + count);
}

/** Installs what all builds share, and makes the source known that the large tenant then sends again and again. */
async function warmUp({ scratch, client, channel }: Place): Promise<void> {
  await publish(channel, FIRST);
  await allEnded(client, 'first', 1, scratch.context.signal);
}

function reportLosses(outcomes: readonly Outcome[], dead: number): void {
  const sent = outcomes.reduce((sum, outcome) => sum + outcome.sent, 0);
  const succeeded = outcomes.reduce((sum, { ends }) => sum + ends.succeeded, 0);
  printGoal(
    'every build succeeds, none is lost',
    `${succeeded} of ${sent}, ${dead} dead letters`,
    succeeded === sent && dead === 0,
  );
}

await runSized('builds per tenant', DEFAULT_BUILDS, async (scratch, builds) => {
  const { context, record, addresses } = withSettings(scratch, SETTINGS);
  const { steps, signal } = context;
  await steps.run('Apps', () => startApps(context, record, addresses));
  await withDatabase(addresses.database, (client) =>
    withChannel(addresses.amqp, async (channel) => {
      const place = { scratch: { context, record, addresses }, client, channel, builds };
      await steps.run('The first build', () => warmUp(place));
      const before = await steps.run('The small tenants alone', () => alone(place));
      const after = await steps.run('Beside the large one', () => together(place));
      const caps = await measureCaps(place);
      const rest = await steps.run('The outbox drains', () => outboxRest(client, signal));
      const dead = await deadLetters(channel);
      await printSurroundings(client, channel);
      reportWaits(before.waits, after.waits);
      reportLosses([before, after], dead);
      reportCaps(caps);
      printOutboxGoal(rest);
    }),
  );
});
