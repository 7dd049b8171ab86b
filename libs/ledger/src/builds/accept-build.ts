import { contentHashOf, type BuildStartData, type CloudEvent } from '@slipway/contracts';
import { SlipwayError, buildIdOf, serviceNameOf, type SourceSpec } from '@slipway/domain';
import { sql } from 'kysely';
import { json, oneRow, type Database, type Tx } from '../database/database';
import { schedule } from '../due-work/due-work';
import type { Facts } from '../outbox/facts';
import { enqueue } from '../outbox/outbox';
import type { BuildRow } from './build-row';
import { recordHistory } from './transition';

export interface AcceptRequest {
  event: CloudEvent;
  tenant: string;
  parser: string;
  request: BuildStartData;
  source: SourceSpec;
  platform: string;
  builder: string;
  lenient: boolean;
  correlationId: string;
  /** Who sent it, for the history. */
  actor: string;
}

export interface Accepted {
  build: BuildRow;
  /** The same event was accepted before; nothing was written now. */
  duplicate: boolean;
}

const DEFAULT_TIMEOUT = 1800;
const DEFAULT_PRIORITY = 5;
const MAX_CLASHES = 6;

/** Takes the next number of the function's one counter; holding its row puts all wishes for it in one order. */
export async function nextSequence(tx: Tx, tenant: string, parser: string): Promise<number> {
  const row = await oneRow<{ counter: number }>(
    tx,
    sql`update functions set counter = counter + 1 where tenant = ${tenant} and parser = ${parser} returning counter`,
  );
  return row!.counter;
}

/** Makes sure that the function has a row, and locks it. */
async function lockFunction(tx: Tx, tenant: string, parser: string): Promise<void> {
  await sql`insert into functions (tenant, parser, service) values (${tenant}, ${parser}, ${serviceNameOf(tenant, parser)})
    on conflict (tenant, parser) do nothing`.execute(tx);
  await sql`select 1 from functions where tenant = ${tenant} and parser = ${parser} for update`.execute(tx);
}

async function known(tx: Tx, input: AcceptRequest): Promise<BuildRow | undefined> {
  return oneRow<BuildRow>(
    tx,
    sql`select * from builds where tenant = ${input.tenant} and event_source = ${input.event.source}
      and event_id = ${input.event.id}`,
  );
}

async function freeBuildId(tx: Tx, input: AcceptRequest): Promise<string> {
  for (let clash = 0; clash < MAX_CLASHES; clash += 1) {
    const key = { tenant: input.tenant, source: input.event.source, id: input.event.id };
    const id = buildIdOf(input.parser, key, clash);
    const taken = await oneRow(tx, sql`select 1 from builds where build_id = ${id}`);
    if (!taken) return id;
  }
  throw new SlipwayError('internal_error', 'No free build id was found.');
}

async function insert(tx: Tx, input: AcceptRequest, hash: string): Promise<BuildRow> {
  const { event, request } = input;
  const buildId = await freeBuildId(tx, input);
  const sequence = await nextSequence(tx, input.tenant, input.parser);
  const build = await oneRow<BuildRow>(
    tx,
    sql`insert into builds (build_id, tenant, parser, event_source, event_id, event_hash, sequence, status, phase, priority,
        platform, builder, request, source, forced, stop_after, lenient, timeout_seconds, correlation_id, causation_id,
        traceparent)
      values (${buildId}, ${input.tenant}, ${input.parser}, ${event.source}, ${event.id}, ${hash}, ${sequence}, 'pending',
        'accepted', ${request.priority ?? DEFAULT_PRIORITY}, ${input.platform}, ${input.builder}, ${json(request)},
        ${json(input.source)}, ${request.force_rebuild ?? false}, ${request.stop_after ?? 'service'}, ${input.lenient},
        ${request.build_timeout ?? DEFAULT_TIMEOUT}, ${input.correlationId}, ${event.id},
        ${event.extensions['traceparent'] ?? null})
      returning *`,
  );
  return build!;
}

/**
 * Records a start event: the build, its place in the order of the function's wishes, history, fact and first work, in one
 * commit. The same (tenant, source, id) again answers with the first build; with another content it fails with
 * `event_id_reused`.
 */
export async function acceptBuild(database: Database, facts: Facts, input: AcceptRequest): Promise<Accepted> {
  return database.transaction((tx) => acceptIn(tx, facts, input));
}

async function acceptIn(tx: Tx, facts: Facts, input: AcceptRequest): Promise<Accepted> {
  const hash = contentHashOf(input.event);
  await lockFunction(tx, input.tenant, input.parser);
  const earlier = await known(tx, input);
  if (earlier) {
    if (earlier.event_hash === hash) return { build: earlier, duplicate: true };
    throw new SlipwayError(
      'event_id_reused',
      `The event id "${input.event.id}" of source "${input.event.source}" was used before with another content (build ${earlier.build_id}).`,
    );
  }
  const build = await insert(tx, input, hash);
  const detail = { source: build.source.kind, ...(input.lenient ? { lenient: true } : {}) };
  const at = await recordHistory(tx, build, 'build.accepted', input.actor, detail);
  await enqueue(tx, [facts.ofBuild('build.accepted', build, { sequence: build.sequence }, at)]);
  await schedule(tx, 'prepare', build.build_id, { tenant: build.tenant });
  return { build, duplicate: false };
}
