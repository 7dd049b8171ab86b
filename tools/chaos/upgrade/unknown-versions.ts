import { QUEUES } from '../../bootstrap/queues.ts';
import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { waitFor } from '../../bootstrap/wait.ts';
import { withLedger } from '../check/session.ts';
import { FACT_SOURCE, SOURCE_PREFIX, TYPE_PREFIX } from '../check/names.ts';
import { deadLettersOf, type DeadLetter } from '../run/dead-letters.ts';
import type { Trial } from '../run/trial.ts';

/** A type that each queue takes. What comes to `function-events` has types of the tenants' own, in versions of their own. */
const TAKEN: Readonly<Record<string, string | undefined>> = {
  'lambda-build-events': 'build.start',
  'lambda-build-cancels': 'build.cancel',
  'build-contexts': 'build.accepted',
  'kaniko-jobs': 'job.start',
  'build-reports': 'build.complete',
  'lambda-service-events': 'service.update',
  'parser-results': 'parser.complete',
};
const ARRIVAL_LIMIT_MS = 30_000;

/** A build that has ended, so that an event taken for one of today's would be understood. */
interface EndedBuild {
  build_id: string;
  tenant: string;
  parser: string;
}

/** An event of a version to come, and what it has to be refused for. */
export interface UnknownVersion {
  queue: string;
  id: string;
  what: string;
  reason: string;
  headers: Record<string, string>;
  data: Record<string, unknown>;
}

async function endedBuild(database: string): Promise<EndedBuild> {
  const { rows } = await withLedger(database, (client) =>
    client.query<EndedBuild>(
      `select build_id, tenant, parser from builds where status = 'succeeded' limit 1`,
    ),
  );
  if (!rows[0]) throw new Error('No build has succeeded that an event of an unknown version could name.');
  return rows[0];
}

function eventOf(
  queue: string,
  build: EndedBuild,
  type: string,
  specversion: string,
  reason: string,
): UnknownVersion {
  const id = randomUUID();
  const isFact = ['build-contexts', 'kaniko-jobs', 'build-reports'].includes(queue);
  const source = isFact ? FACT_SOURCE : `${SOURCE_PREFIX}${build.tenant}`;
  const subject = isFact ? `build/${build.tenant}/${build.parser}` : build.parser;
  const attributes = { specversion, id, source, subject, type: `${TYPE_PREFIX}${type}` };
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
  );
  const ids = { build_id: build.build_id, third_party_id: build.tenant, parser_id: build.parser };
  const data = { ...ids, status: 'success', version: 1, attempt: 1, job_uid: 'unknown' };
  return { queue, id, what: `${type} with specversion ${specversion}`, reason, headers, data };
}

/** For each queue an event of another CloudEvents version, and one of a later version of a type that it takes. */
export function unknownVersionsFor(build: EndedBuild): UnknownVersion[] {
  return QUEUES.flatMap((queue) => {
    const type = TAKEN[queue];
    const spec = eventOf(queue, build, type ?? 'parser.start', '2.0', 'not_a_cloudevent');
    return type ? [spec, eventOf(queue, build, `${type}.v9`, '1.0', 'unknown_event_type')] : [spec];
  });
}

async function send(amqpUrl: string, events: readonly UnknownVersion[]): Promise<void> {
  const connection = await connect(amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    for (const { queue, id, headers, data } of events) {
      const options = { contentType: 'application/json', messageId: id, persistent: true, headers };
      channel.sendToQueue(queue, Buffer.from(JSON.stringify(data)), options);
    }
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}

async function deadLetterCount(trial: Trial): Promise<number> {
  return (await trial.depths('-dlq')).reduce((sum, { ready }) => sum + ready, 0);
}

/** A sentence for each event that was not refused as it has to be. */
export function notRefused(events: readonly UnknownVersion[], dead: readonly DeadLetter[]): string[] {
  return events.flatMap(({ queue, id, what, reason }) => {
    const found = dead.find((each) => each.queue === queue && each.event.id === id);
    if (found?.reason === reason) return [];
    const instead = found ? `is a dead letter for ${found.reason}` : 'is no dead letter';
    return [`${what} in ${queue} ${instead}, but has to be one for ${reason}`];
  });
}

/** Sends events of unknown versions to every queue; resolves to their ids, and to what was not refused as it has to be. */
export async function sendUnknownVersions(trial: Trial): Promise<{ ids: string[]; problems: string[] }> {
  const events = unknownVersionsFor(await endedBuild(trial.traces.database));
  const { amqp } = trial.scratch.addresses;
  const wanted = (await deadLetterCount(trial)) + events.length;
  await send(amqp, events);
  await waitFor(async () => ((await deadLetterCount(trial)) >= wanted ? true : undefined), {
    limitMs: ARRIVAL_LIMIT_MS,
    intervalMs: 500,
    signal: trial.scratch.context.signal,
  });
  return { ids: events.map(({ id }) => id), problems: notRefused(events, await deadLettersOf(amqp, QUEUES)) };
}
