import { readable } from '../evidence/facts.ts';
import { FACT_SOURCE, SOURCE_PREFIX } from '../names.ts';
import type { Rule } from './rule.ts';

// What is never cut off a tag: of its 128 characters identity, build and attempt take at most 28.
const TAG_HEAD = 90;

function tagged(image: string, tenant: string, parser: string): string {
  return `starts_with(regexp_replace(${image}, '^.*:', ''), left(${tenant} || '-' || ${parser} || '-', ${TAG_HEAD}))`;
}

/** Facts name the function of their build in subject, data and, where they are sent from, partition key. */
const MISNAMED = `f.subject is distinct from 'build/' || b.tenant || '/' || b.parser
  or (f.tenant, f.parser) is distinct from (b.tenant, b.parser)`;

// The tenant that an event is of: that of its source or, for facts, of the build in its subject. Null for anybody else's.
const SENDER = `case when d.event_source = '${FACT_SOURCE}' then split_part((${readable('d.event')}) ->> 'subject', '/', 2)
  when starts_with(d.event_source, '${SOURCE_PREFIX}') then substr(d.event_source, ${SOURCE_PREFIX.length + 1}) end`;

/** I10: nothing of one tenant names another. */
export const TENANTS: readonly Rule[] = [
  {
    invariant: 'I10',
    holds: 'an image is named after the function that it was built for',
    breaks: `select b.build_id, format('%s is of %s/%s', b.image_uri, b.tenant, coalesce(made.parser, b.parser)) as found
      from builds b left join builds made on made.build_id = b.reused_from
      where not ${tagged('b.image_uri', 'b.tenant', 'coalesce(made.parser, b.parser)')}
      union all
      select a.build_id, format('%s of attempt %s is of %s/%s', a.image_uri, a.attempt, b.tenant, b.parser)
      from build_attempts a join builds b on b.build_id = a.build_id
      where not ${tagged('a.image_uri', 'b.tenant', 'b.parser')}`,
  },
  {
    invariant: 'I10',
    holds: 'a context lies below its own tenant',
    breaks: `select build_id, format('%s is of %s', context ->> 'key', tenant) as found from builds
      where split_part(context ->> 'key', '/', 2) <> tenant
      union all select null, format('%s is of %s', key, tenant) from stored_contexts where split_part(key, '/', 2) <> tenant`,
  },
  {
    invariant: 'I10',
    holds: 'a content belongs to one tenant',
    breaks: `select null as build_id, format('%s is of %s', identity, string_agg(distinct tenant, ', ')) as found from (
        select identity, tenant from builds where identity is not null
        union select identity, tenant from build_attempts union select identity, tenant from stored_contexts where identity is not null
        union select identity, tenant from artifacts) known
      group by identity having count(distinct tenant) > 1`,
  },
  {
    invariant: 'I10',
    holds: 'a build is answered with what the same tenant built',
    breaks: `select b.build_id, format('%s is of %s', other.build_id, other.tenant) as found
      from builds b join builds other on other.build_id in (b.reused_from, b.cause ->> 'shared_from')
      where other.tenant <> b.tenant
      union all select k.build_id, format('it answers for %s, and is of %s', k.tenant, b.tenant)
      from artifacts k join builds b on b.build_id = k.build_id where b.tenant <> k.tenant`,
  },
  {
    invariant: 'I10',
    holds: 'attempts and logs belong to their own build',
    breaks: `select a.build_id, format('attempt %s is of %s', a.attempt, a.tenant) as found
      from build_attempts a join builds b on b.build_id = a.build_id where a.tenant <> b.tenant
      union all select distinct l.build_id, format('there is a log of attempt %s, and no such attempt', l.attempt)
      from build_logs l where not exists (
        select from build_attempts a where a.build_id = l.build_id and a.attempt = l.attempt)`,
  },
  {
    invariant: 'I10',
    holds: 'a delivery is to a function of the tenant that it names',
    breaks: `select null as build_id, format('%s of %s went to %s of %s/%s', d.event_id, d.event_source, d.service, d.tenant, d.parser) as found
      from deliveries d
      where not exists (select from functions f where (f.service, f.tenant, f.parser) = (d.service, d.tenant, d.parser))
        or ${SENDER} <> d.tenant`,
  },
  {
    invariant: 'I10',
    holds: 'a fact names the function of its build',
    breaks: `select b.build_id, format('%s to be sent names %s (%s/%s), under %s', f.event_id, f.subject, f.tenant, f.parser, f.partition_key) as found
      from facts f join builds b on b.build_id = f.build_id
      where f.fact is not null and (${MISNAMED} or f.partition_key <> b.tenant || '/' || b.parser)
      union all
      select distinct b.build_id, format('%s as received names %s (%s/%s)', f.event_id, f.subject, f.tenant, f.parser)
      from received f join builds b on b.build_id = f.build_id where f.fact is not null and (${MISNAMED})`,
  },
];
