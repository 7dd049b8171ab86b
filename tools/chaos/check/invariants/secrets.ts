import type { Rule } from './rule.ts';

// What the ledger keeps and shows to others, as texts.
const TEXTS = `(
  select f.build_id, 'the event ' || f.event_id || ' of the outbox' as place, concat(o.event, o.last_error) as text
    from outbox o join facts f on f.outbox_id = o.id
  union all select build_id, 'its history at version ' || version, detail::text from build_events
  union all select build_id, 'its cause', cause::text from builds
  union all select build_id, 'the reports of attempt ' || attempt, concat(report, job_end) from build_attempts
  union all select applied_build_id, 'the cause of ' || service, applied_cause::text from functions
  union all select null, 'the cause of a delivery to ' || service, cause::text from deliveries
  union all select null, 'the last failure of ' || kind || ' ' || key, last_cause::text from due_work)`;

// A secret may lie across the border of two pieces.
const LOGS = `(select build_id, attempt, string_agg(bytes, '' order by "offset") as bytes
  from build_logs group by build_id, attempt)`;

/** I9: no secret leaves its boundary. */
export const SECRETS: readonly Rule[] = [
  {
    invariant: 'I9',
    holds: 'no secret stands in the ledger',
    breaks: `select distinct t.build_id, format('secret %s is in %s', s.number, t.place) as found
      from ${TEXTS} t join secret_spellings s on strpos(t.text, s.text) > 0`,
  },
  {
    invariant: 'I9',
    holds: 'no secret stands in a build log',
    breaks: `select distinct l.build_id, format('secret %s is in the log of attempt %s', s.number, l.attempt) as found
      from ${LOGS} l join secret_spellings s on position(convert_to(s.text, 'UTF8') in l.bytes) > 0`,
  },
  {
    invariant: 'I9',
    holds: 'no secret stands in an event, a context or an image',
    breaks: `select null as build_id, case when problem is null then format('secret %s is in %s', secret, place)
        else format('%s could not be searched: %s', place, problem) end as found from leaks`,
  },
];
