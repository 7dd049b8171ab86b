import type pg from 'pg';
import type { Traces } from '../lib/observed.ts';
import { draftsOf } from './evidence/local-platform.ts';
import { jobProcesses } from './evidence/processes.ts';
import { withLedger } from './session.ts';

/** What may still be under way, and the query that names it in one column `name`. */
const UNDER_WAY: readonly (readonly [what: string, query: string])[] = [
  [
    'builds that have not ended',
    `select build_id || ' (' || phase || ')' as name from builds where status not in ('succeeded', 'failed', 'cancelled')`,
  ],
  [
    'due work',
    `select kind || ' ' || key as name from due_work where kind not in ('sweep', 'sweep-contexts')`,
  ],
  ['unsent rows of the outbox', `select id::text as name from outbox where sent_at is null`],
  ['held slots', `select job_name as name from build_attempts where gone_at is null`],
];

const NAMED = 5;

/** `held slots (3): a, b, c`, or nothing. */
function line(what: string, count: number, names: readonly string[]): string[] {
  if (count === 0) return [];
  return [`${what} (${count}): ${names.join(', ')}${count > names.length ? ', …' : ''}`];
}

async function inLedger(client: pg.Client): Promise<string[]> {
  const lines: string[] = [];
  for (const [what, query] of UNDER_WAY) {
    const { rows } = await client.query<{ name: string; count: number }>(
      `select name, (count(*) over ())::int as count from (${query}) as found order by name limit ${NAMED}`,
    );
    const names = rows.map(({ name }) => name);
    lines.push(...line(what, rows[0]?.count ?? 0, names));
  }
  return lines;
}

/** What is not at rest yet, a line for each kind: builds, due work other than sweeps, unsent events, slots, supervisors, drafts. */
export async function unrest(traces: Traces): Promise<string[]> {
  const lines = await withLedger(traces.database, inLedger);
  const supervisors = jobProcesses(traces.stateDir).filter(({ supervisor }) => supervisor);
  const names = supervisors.slice(0, NAMED).map(({ pid, job }) => `${job} (process ${pid})`);
  const drafts = draftsOf(traces.stateDir);
  return [
    ...lines,
    ...line('supervisors', supervisors.length, names),
    ...line('drafts of Jobs', drafts.length, drafts.slice(0, NAMED)),
  ];
}
