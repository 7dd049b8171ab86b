import { createHash } from 'node:crypto';
import type { Observed, ReceivedEvent } from '../../lib/observed.ts';
import { FACT_SOURCE, START_TYPES, TYPE_PREFIX } from '../names.ts';
import { canonicalJson } from './canonical-json.ts';
import type { EvidenceTable } from './evidence-table.ts';

/** A queue of the broker at rest. */
export interface QueueDepth {
  name: string;
  ready: number;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `content` as clients note it, and `hash` as the ledger must have recorded it (wire §1: RFC 8785 over type, subject, data). */
function contentOf({ type, subject, data }: ReceivedEvent): { content?: string; hash?: string } {
  if (!START_TYPES.includes(type) || data === undefined) return {};
  return {
    content: sha256(JSON.stringify(data)),
    hash: sha256(canonicalJson({ type, subject: subject ?? null, data })),
  };
}

function* receivedRows(events: readonly ReceivedEvent[]): Iterable<object> {
  for (const event of events) {
    const { source, id, subject, type, data } = event;
    yield {
      source,
      event_id: id,
      subject,
      fact: source === FACT_SOURCE ? type.replace(TYPE_PREFIX, '') : undefined,
      build_id: text(data?.['build_id']),
      tenant: text(data?.['third_party_id']),
      parser: text(data?.['parser_id']),
      version: Number.isSafeInteger(data?.['version']) ? data?.['version'] : undefined,
      ...contentOf(event),
    };
  }
}

/** `starts`, `cancels`, `received` and `queues`: what clients, the subscriber and the broker saw. */
export function outsideTables(observed: Observed, queues: readonly QueueDepth[]): EvidenceTable[] {
  const starts = observed.starts.map(({ id, by, buildId, ...start }) => ({
    ...start,
    event_id: id,
    door: by,
    build_id: buildId,
  }));
  const cancels = observed.cancels.map(({ buildId, by, status }) => ({
    build_id: buildId,
    door: by,
    status,
  }));
  return [
    {
      name: 'starts',
      columns: {
        tenant: 'text',
        parser: 'text',
        source: 'text',
        event_id: 'text',
        door: 'text',
        build_id: 'text',
        content: 'text',
      },
      rows: starts,
    },
    { name: 'cancels', columns: { build_id: 'text', door: 'text', status: 'int' }, rows: cancels },
    {
      name: 'received',
      columns: {
        source: 'text',
        event_id: 'text',
        subject: 'text',
        fact: 'text',
        build_id: 'text',
        tenant: 'text',
        parser: 'text',
        version: 'bigint',
        content: 'text',
        hash: 'text',
      },
      rows: receivedRows(observed.events),
    },
    { name: 'queues', columns: { name: 'text', ready: 'bigint' }, rows: queues },
  ];
}
