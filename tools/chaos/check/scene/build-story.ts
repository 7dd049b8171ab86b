import type { ReceivedEvent } from '../../lib/observed.ts';
import { FACT_SOURCE, TYPE_PREFIX } from '../names.ts';
import type { Scene } from './scene.ts';

export type Change = readonly [type: string, status: string, phase: string, attempt: number];

export const ACCEPTED: Change = ['build.accepted', 'pending', 'accepted', 0];
export const PREPARING: Change = ['status.update', 'pending', 'preparing', 0];
export const QUEUED: Change = ['job.start', 'pending', 'queued', 0];

/** What happened to a build, one change per minute. */
export interface BuildStory {
  buildId: string;
  tenant: string;
  parser: string;
  eventId: string;
  changes: readonly Change[];
  /** Further columns of its row. */
  row?: object;
}

const MINUTE = 60_000;
const BEGIN = Date.parse('2026-01-31T12:00:00Z');

/** ISO 8601, so many minutes after the scene begins. */
export function minute(n: number): string {
  return new Date(BEGIN + n * MINUTE).toISOString();
}

/** Writes an event into the outbox as sent, and notes it as received. */
export async function publish(scene: Scene, event: Omit<ReceivedEvent, 'at'>, key: string): Promise<void> {
  const { type } = event;
  const sent = {
    shard: 0,
    partition_key: key,
    exchange: 'cloud-events',
    routing_key: type,
    mandatory: false,
  };
  await scene.insert('outbox', { ...sent, event: { specversion: '1.0', ...event }, sent_at: minute(60) });
  scene.observed.events.push({ ...event, at: BEGIN });
}

const ENDS = ['build.complete', 'build.failed', 'build.cancelled'];

async function change(scene: Scene, story: BuildStory, version: number): Promise<void> {
  const { buildId, tenant, parser } = story;
  const [type, status, phase, attempt] = story.changes[version - 1]!;
  const line = { build_id: buildId, version, at: minute(version), type, status, phase, attempt };
  await scene.insert('build_events', { ...line, actor: 'test', detail: {} });
  const event = {
    type: `${TYPE_PREFIX}${type}`,
    source: FACT_SOURCE,
    id: `${buildId}/${ENDS.includes(type) ? 'end' : version}`,
    subject: `build/${tenant}/${parser}`,
    data: { build_id: buildId, third_party_id: tenant, parser_id: parser, version, status },
  };
  await publish(scene, event, `${tenant}/${parser}`);
}

/** Writes a build with its history and facts. Its start is not noted: who sent it, and how, is another matter. */
export async function tell(scene: Scene, story: BuildStory): Promise<void> {
  const { buildId, tenant, parser, eventId, changes } = story;
  const [, status, phase, attempt] = changes.at(-1)!;
  await scene.insert('builds', {
    build_id: buildId,
    tenant,
    parser,
    event_source: `network.notifi.${tenant}`,
    event_id: eventId,
    event_hash: 'not sent over the broker',
    sequence: 1,
    status,
    phase,
    attempt,
    version: changes.length,
    priority: 5,
    platform: 'local',
    builder: 'host',
    request: {},
    source: { kind: 'inline' },
    timeout_seconds: 1800,
    correlation_id: eventId,
    causation_id: eventId,
    completed_at: phase === 'done' ? minute(changes.length) : null,
    ...story.row,
  });
  for (let version = 1; version <= changes.length; version += 1) await change(scene, story, version);
}

/** An attempt from one minute to another, with its Job gone; `{build id}-job-{n}` is the Job's uid. */
export async function attempt(
  scene: Scene,
  { buildId, tenant }: BuildStory,
  of: { attempt: number; identity: string; imageUri: string; from: number; to: number },
): Promise<void> {
  await scene.insert('build_attempts', {
    build_id: buildId,
    attempt: of.attempt,
    tenant,
    platform: 'local',
    identity: of.identity,
    job_name: of.attempt === 1 ? buildId : `${buildId}-${of.attempt}`,
    job_uid: `${buildId}-job-${of.attempt}`,
    image_uri: of.imageUri,
    deadline_at: minute(90),
    created_at: minute(of.from),
    ended_at: minute(of.to),
    gone_at: minute(of.to),
  });
}
