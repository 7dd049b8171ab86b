import type pg from 'pg';
import { FACT_SOURCE, TYPE_PREFIX } from '../names.ts';

/**
 * A column of type `json` in a form that can be read: events are kept to the letter, also where they hold what PostgreSQL
 * refuses to unescape (NUL, halves of surrogate pairs).
 */
export function readable(column: string): string {
  return String.raw`case when strpos(${column}::text, '\u') = 0 then ${column}
    else regexp_replace(${column}::text, '\\u(0000|[dD][89a-fA-F]..)', '\\ufffd', 'g')::json end`;
}

// Each record is read in one pass: asked member by member, the whole text is parsed again for each.
const FACTS = `create temporary table facts as
  select o.id as outbox_id, e.id as event_id, e.source, e.subject, o.partition_key, o.exchange,
    case when e.source = '${FACT_SOURCE}' then replace(e.type, '${TYPE_PREFIX}', '') end as fact,
    d.build_id, d.third_party_id as tenant, d.parser_id as parser,
    case when d.version ~ '^[0-9]{1,15}$' then d.version::bigint end as version
  from outbox o
    cross join lateral json_to_record(${readable('o.event')})
      as e (id text, source text, type text, subject text, data json)
    cross join lateral json_to_record(case json_typeof(e.data) when 'object' then e.data else '{}' end)
      as d (build_id text, third_party_id text, parser_id text, version text)`;

/**
 * `facts`: the events of the outbox, read once. `fact` is the short type (`build.complete`) of what Slipway itself states,
 * null for commands and replies that only pass through.
 */
export async function loadFacts(client: pg.Client): Promise<void> {
  await client.query(FACTS);
  await client.query('create index on facts (event_id)');
  await client.query('analyze facts');
}
