import { contentHashOf, type BuildStartData, type CloudEvent } from '@slipway/contracts';
import { SlipwayError, buildIdOf, type SourceSpec } from '@slipway/domain';
import { sql } from 'kysely';
import { json, rows, type Database, type Tx } from '../database/database';
import { schedule } from '../due-work/due-work';
import { lockFunctions, nextSequences } from '../functions/counters';
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

/** A request on its way through the transaction. */
interface Wish {
  input: AcceptRequest;
  hash: string;
  buildId: string;
}

const DEFAULT_TIMEOUT = 1800;
const DEFAULT_PRIORITY = 5;
const MAX_CLASHES = 6;

function eventKeyOf(event: { tenant: string; source: string; id: string }): string {
  return JSON.stringify([event.tenant, event.source, event.id]);
}

function keyOf({ tenant, event }: AcceptRequest): string {
  return eventKeyOf({ tenant, source: event.source, id: event.id });
}

/** Requests of one batch must speak of different functions; this is what tells them apart. */
export function functionKeyOf({ tenant, parser }: { tenant: string; parser: string }): string {
  return `${tenant}/${parser}`;
}

/** The builds that these events led to before. */
async function known(tx: Tx, inputs: readonly AcceptRequest[]): Promise<Map<string, BuildRow>> {
  const found = await rows<BuildRow>(
    tx,
    sql`select b.* from builds b join unnest(${sql.val(inputs.map((input) => input.tenant))}::text[],
        ${sql.val(inputs.map(({ event }) => event.source))}::text[],
        ${sql.val(inputs.map(({ event }) => event.id))}::text[]) as e (tenant, source, id)
      on b.tenant = e.tenant and b.event_source = e.source and b.event_id = e.id`,
  );
  return new Map(
    found.map((row) => [eventKeyOf({ tenant: row.tenant, source: row.event_source, id: row.event_id }), row]),
  );
}

/** Gives each request an id that no build has. */
async function withIds(tx: Tx, inputs: readonly AcceptRequest[]): Promise<Wish[]> {
  const wishes: Wish[] = [];
  let left = inputs;
  for (let clash = 0; clash < MAX_CLASHES && left.length > 0; clash += 1) {
    const ids = left.map((input) =>
      buildIdOf(
        input.parser,
        { tenant: input.tenant, source: input.event.source, id: input.event.id },
        clash,
      ),
    );
    const found = await rows<{ build_id: string }>(
      tx,
      sql`select build_id from builds where build_id = any(${sql.val(ids)}::text[])`,
    );
    const taken = new Set([...found.map((row) => row.build_id), ...wishes.map((wish) => wish.buildId)]);
    const clashing: AcceptRequest[] = [];
    left.forEach((input, index) => {
      const buildId = ids[index]!;
      if (taken.has(buildId)) clashing.push(input);
      else wishes.push({ input, hash: contentHashOf(input.event), buildId });
      taken.add(buildId);
    });
    left = clashing;
  }
  if (left.length > 0) throw new SlipwayError('internal_error', 'No free build id was found.');
  return wishes;
}

async function insert(tx: Tx, wishes: readonly Wish[]): Promise<BuildRow[]> {
  const functions = wishes.map(({ input }) => input);
  const sequences = await nextSequences(tx, functions);
  const values = wishes.map(({ input, hash, buildId }) => {
    const { event, request } = input;
    const sequence = sequences.get(functionKeyOf(input))!;
    return sql`(${buildId}, ${input.tenant}, ${input.parser}, ${event.source}, ${event.id}, ${hash}, ${sequence},
      'pending', 'accepted', ${request.priority ?? DEFAULT_PRIORITY}, ${input.platform}, ${input.builder},
      ${json(request)}, ${json(input.source)}, ${request.force_rebuild ?? false}, ${request.stop_after ?? 'service'},
      ${input.lenient}, ${request.build_timeout ?? DEFAULT_TIMEOUT}, ${input.correlationId}, ${event.id},
      ${event.extensions['traceparent'] ?? null})`;
  });
  const inserted = await rows<BuildRow>(
    tx,
    sql`insert into builds (build_id, tenant, parser, event_source, event_id, event_hash, sequence, status, phase, priority,
        platform, builder, request, source, forced, stop_after, lenient, timeout_seconds, correlation_id, causation_id,
        traceparent)
      values ${sql.join(values)} returning *`,
  );
  const byId = new Map(inserted.map((row) => [row.build_id, row]));
  return wishes.map(({ buildId }) => byId.get(buildId)!);
}

async function record(
  tx: Tx,
  facts: Facts,
  inputs: readonly AcceptRequest[],
): Promise<Map<string, BuildRow>> {
  if (inputs.length === 0) return new Map();
  const wishes = await withIds(tx, inputs);
  const builds = await insert(tx, wishes);
  const times = await recordHistory(
    tx,
    builds.map((build, index) => ({
      build,
      type: 'build.accepted',
      actor: wishes[index]!.input.actor,
      detail: { source: build.source.kind, ...(build.lenient ? { lenient: true } : {}) },
    })),
  );
  await enqueue(
    tx,
    builds.map((build, index) =>
      facts.ofBuild('build.accepted', build, { sequence: build.sequence }, times[index]!),
    ),
  );
  await schedule(
    tx,
    'prepare',
    builds.map((build) => ({ key: build.build_id, tenant: build.tenant })),
  );
  return new Map(builds.map((build, index) => [keyOf(wishes[index]!.input), build]));
}

function again(input: AcceptRequest, earlier: BuildRow): Accepted | SlipwayError {
  if (earlier.event_hash === contentHashOf(input.event)) return { build: earlier, duplicate: true };
  return new SlipwayError(
    'event_id_reused',
    `The event id "${input.event.id}" of source "${input.event.source}" was used before with another content (build ${earlier.build_id}).`,
  );
}

async function acceptIn(
  tx: Tx,
  facts: Facts,
  inputs: readonly AcceptRequest[],
): Promise<(Accepted | SlipwayError)[]> {
  await lockFunctions(tx, inputs);
  const earlier = await known(tx, inputs);
  const recorded = await record(
    tx,
    facts,
    inputs.filter((input) => !earlier.has(keyOf(input))),
  );
  return inputs.map((input) => {
    const before = earlier.get(keyOf(input));
    return before ? again(input, before) : { build: recorded.get(keyOf(input))!, duplicate: false };
  });
}

/**
 * Records start events of different functions in one commit: for each the build, its place in the order of the function's
 * wishes, history, fact and first work. The same (tenant, source, id) again answers with the first build; with another
 * content it answers with the error `event_id_reused`, which keeps nothing else from being recorded.
 */
export async function acceptBuilds(
  database: Database,
  facts: Facts,
  inputs: readonly AcceptRequest[],
): Promise<(Accepted | SlipwayError)[]> {
  return database.transaction((tx) => acceptIn(tx, facts, inputs));
}
