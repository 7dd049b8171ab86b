import type pg from 'pg';
import type { Observed, Traces } from '../lib/observed.ts';
import { withLedger } from './session.ts';

const LOG_LINES = 20;
/** As much as the last pieces of a log may weigh, in bytes. */
const LOG_BYTES = 16 * 1024;

type Row = Record<string, unknown>;

/** What is asked of the ledger, under the heading that it gets. */
const CHAPTERS: readonly (readonly [heading: string, query: string])[] = [
  ['Its attempts', 'select * from build_attempts where build_id = $1 order by attempt'],
  [
    'Its history',
    `select version, seq, at, type, status, phase, attempt, actor, detail from build_events
      where build_id = $1 order by version, seq`,
  ],
  [
    'Its events in the outbox',
    // A search in the text, because not every event can be read as jsonb.
    `select id, created_at, sent_at, tries, last_error, event from outbox
      where strpos(event::text, to_json($1::text)::text) > 0 or strpos(event::text, '"' || $1 || '/') > 0 order by id`,
  ],
  ['Its work', "select * from due_work where key = $1 or starts_with(key, $1 || '-') order by kind, key"],
  [
    'The functions that it is the code of',
    `select tenant, parser, service, code_build_id, code_sequence, deleted_sequence, wish_version, applied_version,
      applied_status, applied_revision, applied_build_id, applied_digest, applied_cause from functions
      where $1 in (code_build_id, applied_build_id) order by service`,
  ],
];

/** `name=value` for each column that is set. */
function rowLine(row: Row): string {
  const parts = Object.entries(row).filter(([, value]) => value != null);
  return parts.map(([name, value]) => `${name}=${shown(value)}`).join('  ');
}

function shown(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function chapter(heading: string, lines: readonly string[]): string {
  return [`${heading}:`, ...(lines.length === 0 ? ['none'] : lines).map((line) => `  ${line}`)].join('\n');
}

async function logTails(client: pg.Client, buildId: string): Promise<string[]> {
  // The pieces that reach into the last bytes, and of each no more than that.
  const { rows } = await client.query<{ attempt: number; bytes: Buffer }>(
    `select attempt, string_agg(substr(bytes, greatest(1, length(bytes) - ${LOG_BYTES})), '' order by "offset") as bytes
      from (select *, max("offset" + length(bytes)) over (partition by attempt) as size from build_logs where build_id = $1) l
      where "offset" + length(bytes) > size - ${LOG_BYTES} group by attempt order by attempt`,
    [buildId],
  );
  return rows.map(({ attempt, bytes }) => {
    const lines = bytes.toString('utf8').trimEnd().split('\n').slice(-LOG_LINES);
    return chapter(`The end of the log of attempt ${attempt}`, lines);
  });
}

/** What the outside saw: the start and cancels of the build, and every event that names it. */
function outsideChapters(
  { starts, cancels, events }: Observed,
  build: Row | undefined,
  buildId: string,
): string[] {
  const started = starts.filter(
    (start) =>
      start.buildId === buildId ||
      (build !== undefined && start.id === build['event_id'] && start.source === build['event_source']),
  );
  const received = events.filter(
    ({ id, data }) => id.startsWith(`${buildId}/`) || data?.['build_id'] === buildId,
  );
  const at = <Seen extends { at: number }>(seen: readonly Seen[]): string[] =>
    seen.map(({ at: time, ...rest }) => `${new Date(time).toISOString()}  ${rowLine(rest)}`);
  return [
    chapter('Starts that were taken over', at(started)),
    chapter('Cancels', at(cancels.filter((cancel) => cancel.buildId === buildId))),
    chapter('Events that were received', at(received)),
  ];
}

/**
 * The whole story of a build for a person: row, attempts, history in order, outbox, due work, functions, what the outside
 * sent and received, and the end of each log.
 */
export async function historyOf(traces: Traces, observed: Observed, buildId: string): Promise<string> {
  return withLedger(traces.database, async (client) => {
    const {
      rows: [build],
    } = await client.query<Row>('select * from builds where build_id = $1', [buildId]);
    const chapters = [chapter('The build', build ? [rowLine(build)] : [])];
    for (const [heading, query] of CHAPTERS) {
      const { rows } = await client.query<Row>(query, [buildId]);
      chapters.push(chapter(heading, rows.map(rowLine)));
    }
    chapters.push(...outsideChapters(observed, build, buildId), ...(await logTails(client, buildId)));
    return `${chapters.join('\n\n')}\n`;
  });
}
