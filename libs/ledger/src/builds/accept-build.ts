import { contentHashOf, type BuildStartData, type CloudEvent } from '@slipway/contracts';
import { SlipwayError, buildIdOf, type SourceSpec } from '@slipway/domain';
import { sql } from 'kysely';
import { rows, type Database, type Tx } from '../database/database';
import { isTaken } from '../database/away';
import { keySet, rowSet } from '../database/row-set';
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

/** A request with its place in the order of its function's wishes. */
interface Wish {
  input: AcceptRequest;
  sequence: number;
}

const DEFAULT_TIMEOUT = 1800;
const DEFAULT_PRIORITY = 5;
const MAX_CLASHES = 6;

interface EventIdentity {
  tenant: string;
  source: string;
  id: string;
}

function eventOf({ tenant, event }: AcceptRequest): EventIdentity {
  return { tenant, source: event.source, id: event.id };
}

function eventKeyOf({ tenant, source, id }: EventIdentity): string {
  return JSON.stringify([tenant, source, id]);
}

function keyOf(input: AcceptRequest): string {
  return eventKeyOf(eventOf(input));
}

function keyOfRow({ tenant, event_source: source, event_id: id }: BuildRow): string {
  return eventKeyOf({ tenant, source, id });
}

/** Requests of one batch must speak of different functions; this is what tells them apart. */
export function functionKeyOf({ tenant, parser }: { tenant: string; parser: string }): string {
  return `${tenant}/${parser}`;
}

/** The builds that these events led to before. */
async function known(tx: Tx, inputs: readonly AcceptRequest[]): Promise<Map<string, BuildRow>> {
  const events = keySet(inputs.map(eventOf), {
    tenant: ['text', ({ tenant }) => tenant],
    source: ['text', ({ source }) => source],
    id: ['text', ({ id }) => id],
  });
  const found = await rows<BuildRow>(
    tx,
    sql`select b.* from builds b join ${events}
      on b.tenant = r.tenant and b.event_source = r.source and b.event_id = r.id`,
  );
  return new Map(found.map((row) => [keyOfRow(row), row]));
}

/** Writes the builds whose ids are not taken yet. */
async function insert(tx: Tx, wishes: readonly Wish[], clash: number): Promise<BuildRow[]> {
  const { names, rows: values } = rowSet<Wish>(wishes, {
    build_id: ['text', ({ input }) => buildIdOf(input.parser, eventOf(input), clash)],
    tenant: ['text', ({ input }) => input.tenant],
    parser: ['text', ({ input }) => input.parser],
    event_source: ['text', ({ input }) => input.event.source],
    event_id: ['text', ({ input }) => input.event.id],
    event_hash: ['text', ({ input }) => contentHashOf(input.event)],
    sequence: ['bigint', ({ sequence }) => sequence],
    status: ['text', () => 'pending'],
    phase: ['text', () => 'accepted'],
    priority: ['int', ({ input }) => input.request.priority ?? DEFAULT_PRIORITY],
    platform: ['text', ({ input }) => input.platform],
    builder: ['text', ({ input }) => input.builder],
    request: ['jsonb', ({ input }) => input.request],
    source: ['jsonb', ({ input }) => input.source],
    forced: ['boolean', ({ input }) => input.request.force_rebuild ?? false],
    stop_after: ['text', ({ input }) => input.request.stop_after ?? 'service'],
    lenient: ['boolean', ({ input }) => input.lenient],
    timeout_seconds: ['int', ({ input }) => input.request.build_timeout ?? DEFAULT_TIMEOUT],
    correlation_id: ['text', ({ input }) => input.correlationId],
    causation_id: ['text', ({ input }) => input.event.id],
    traceparent: ['text', ({ input }) => input.event.extensions['traceparent']],
  });
  return rows<BuildRow>(
    tx,
    sql`insert into builds (${names}) select * from ${values} on conflict (build_id) do nothing returning *`,
  );
}

/** Writes the builds, each under an id that no other has, and returns them in the order of the inputs. */
async function insertAll(tx: Tx, inputs: readonly AcceptRequest[]): Promise<BuildRow[]> {
  const sequences = await nextSequences(tx, inputs);
  let left = inputs.map((input) => ({ input, sequence: sequences.get(functionKeyOf(input))! }));
  const inserted = new Map<string, BuildRow>();
  for (let clash = 0; left.length > 0; clash += 1) {
    if (clash === MAX_CLASHES) throw new SlipwayError('internal_error', 'No free build id was found.');
    for (const row of await insert(tx, left, clash)) inserted.set(keyOfRow(row), row);
    left = left.filter(({ input }) => !inserted.has(keyOf(input)));
  }
  return inputs.map((input) => inserted.get(keyOf(input))!);
}

async function record(
  tx: Tx,
  facts: Facts,
  inputs: readonly AcceptRequest[],
): Promise<Map<string, BuildRow>> {
  if (inputs.length === 0) return new Map();
  const builds = await insertAll(tx, inputs);
  const times = await recordHistory(
    tx,
    builds.map((build, index) => ({
      build,
      type: 'build.accepted',
      actor: inputs[index]!.actor,
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
  return new Map(builds.map((build) => [keyOfRow(build), build]));
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
  const accept = () => database.transaction((tx) => acceptIn(tx, facts, inputs));
  return accept().catch((error: unknown) => {
    // The same event for two functions at once: the other one has it by now, and is found at the second look.
    if (isTaken(error)) return accept();
    throw error;
  });
}
