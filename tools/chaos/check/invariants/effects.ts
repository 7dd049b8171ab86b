import type { Rule } from './rule.ts';

/** I5: what was recorded is announced at least once, and what was asked for has its effect once. */
export const EFFECTS: readonly Rule[] = [
  {
    invariant: 'I5',
    holds: 'every row of the outbox is sent',
    breaks: `select f.build_id, format('%s was tried %s times: %s', f.event_id, o.tries, coalesce(o.last_error, 'no error')) as found
      from outbox o join facts f on f.outbox_id = o.id where o.sent_at is null`,
  },
  {
    invariant: 'I5',
    holds: 'every public event is received',
    breaks: `select f.build_id, format('%s of %s was not', f.event_id, f.source) as found
      from facts f where f.exchange = 'cloud-events'
        and not exists (select from received r where r.source = f.source and r.event_id = f.event_id)`,
  },
  {
    invariant: 'I5',
    holds: 'every change of a build has its fact',
    breaks: `select h.build_id, format('%s at version %s has {%s}', h.type, h.version, string_agg(f.fact, ', ')) as found
      from build_events h left join facts f on f.build_id = h.build_id and f.version = h.version and f.fact is not null
      where h.type <> 'note' group by h.build_id, h.version, h.type having array_agg(f.fact) <> array[h.type]`,
  },
  {
    invariant: 'I5',
    holds: 'a fact is written once',
    breaks: `select min(build_id) as build_id, format('%s was written %s times', event_id, count(*)) as found
      from facts where fact is not null group by event_id having count(*) > 1`,
  },
  {
    invariant: 'I5',
    holds: 'a start event leads to one build',
    breaks: `select min(build_id) as build_id, format('%s of %s led to %s', event_id, tenant, string_agg(build_id, ', ')) as found
      from builds group by tenant, event_source, event_id having count(*) > 1`,
  },
  {
    invariant: 'I5',
    holds: 'an event is delivered once to a function',
    breaks: `select null as build_id, format('%s has %s deliveries to %s', event_id, count(*), service) as found
      from deliveries group by event_source, event_id, service having count(*) > 1`,
  },
  {
    invariant: 'I5',
    holds: 'every delivery has ended',
    breaks: `select null as build_id, format('%s to %s is %s', event_id, service, state) as found
      from deliveries where state not in ('done', 'dead')`,
  },
  {
    invariant: 'I5',
    holds: 'a version of a build is one change',
    breaks: `select build_id, format('version %s is {%s}', version, string_agg(type, ', ')) as found
      from build_events where type <> 'note' group by build_id, version having count(*) > 1`,
  },
];
