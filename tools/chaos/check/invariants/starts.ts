import type { Rule } from './rule.ts';

const BUILD_OF_START = 'b.tenant = s.tenant and b.event_source = s.source and b.event_id = s.event_id';

/** I1: each start event that was taken over has exactly one build, and each build exactly one end. */
export const STARTS: readonly Rule[] = [
  {
    invariant: 'I1',
    holds: 'a start that was taken over has a build',
    breaks: `select null as build_id, format('none for %s of %s, by %s', s.event_id, s.tenant, s.door) as found
      from starts s where not exists (select from builds b where ${BUILD_OF_START})`,
  },
  {
    invariant: 'I1',
    holds: 'a build is the one that the answer named, of the function that the start named',
    breaks: `select b.build_id, format('%s was answered with %s for %s', s.event_id, coalesce(s.build_id, 'no id'), s.parser) as found
      from starts s join builds b on ${BUILD_OF_START} where b.parser <> s.parser or b.build_id <> s.build_id`,
  },
  {
    invariant: 'I1',
    holds: 'a build has a start that somebody sent',
    breaks: `select b.build_id, format('nobody sent %s of %s', b.event_id, b.tenant) as found
      from builds b where not exists (select from starts s where ${BUILD_OF_START})`,
  },
  {
    invariant: 'I1',
    holds: 'a start keeps the content that was taken over first',
    // The subscriber sees every start that comes over the broker, those included that were refused for another content.
    breaks: `select distinct b.build_id, format('event_hash %s, where %s has %s', b.event_hash,
        case when r.content = s.content then 'the first content' else 'another content' end, r.hash) as found
      from starts s join builds b on ${BUILD_OF_START}
        join received r on r.source = s.source and r.event_id = s.event_id and r.hash is not null
      where (r.content = s.content) <> (r.hash = b.event_hash)
      union all
      select null, format('%s of %s was taken over with %s contents', s.event_id, s.tenant, count(distinct s.content))
      from starts s group by s.tenant, s.source, s.event_id having count(distinct s.content) > 1`,
  },
  {
    invariant: 'I1',
    holds: 'every build has ended',
    breaks: `select build_id, format('it is %s (%s)', status, phase) as found
      from builds where status not in ('succeeded', 'failed', 'cancelled')`,
  },
  {
    invariant: 'I1',
    holds: 'a build that has ended has exactly one end fact, and of the right type',
    breaks: `select b.build_id, format('%s with {%s}', b.status, string_agg(f.fact, ', ')) as found
      from builds b left join facts f on f.event_id = b.build_id || '/end' and f.fact is not null
      group by b.build_id, b.status
      having array_agg(f.fact) filter (where f.fact is not null) is distinct from case b.status
        when 'succeeded' then array['build.complete'] when 'failed' then array['build.failed']
        when 'cancelled' then array['build.cancelled'] end`,
  },
  {
    invariant: 'I1',
    holds: 'an end fact is about a build',
    breaks: `select f.build_id, format('there is none for %s', f.event_id) as found
      from facts f where f.fact is not null and f.event_id like '%/end'
        and not exists (select from builds b where f.event_id = b.build_id || '/end' and f.build_id = b.build_id)`,
  },
];
